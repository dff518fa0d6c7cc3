"""演示系统: the whole house on one machine, started with one command."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import migration, registry
from bot.database import Database, open_engine
from bot.installation import install
from bot.menu import WORK_FILE, read_menu
from bot.settings import load_settings
from bot.wechat.errors import SendError
from demo import logins
from demo.cast import ACCOUNT, CAST, CITIZEN, COLLEAGUE, CREW, CREW_MEMBER, DISPATCHER, OFFICER, WORK, Player
from demo.config import ROOT, Extras, NotStarted, Places, choose_places, span, write_configs
from demo.processes import (
    Part,
    alone_in,
    answers,
    ours,
    redis_answers,
    simulator,
    valkey,
    wait_until,
)
from handlers.membership.invitations import invite
from models.people import Identity, Membership, Role
from routing.pack import load as load_pack
from simulator.client import Person

_WORKERS = 2


class System:
    """演示系统: start, watch, stop."""

    def __init__(self, places: Places, hour: timedelta, extras: Extras | None = None) -> None:
        """extras: settings on top of the demo's own, for somebody who wants other lengths than a newcomer."""
        self.places = places
        self._hour = hour
        self._extras = extras or Extras()
        self.valkey = valkey(places)
        self.simulator = simulator(places)
        self.web = ours(places, "web", "web")
        self.workers = [ours(places, f"worker-{n}", "worker") for n in range(1, _WORKERS + 1)]

    @property
    def parts(self) -> list[Part]:
        return [self.valkey, self.simulator, self.web, *self.workers]

    def start(self) -> None:
        """Bring everything up, saying what is being done. Raises NotStarted."""
        write_configs(self.places, self._hour, self._extras)
        self._step("内嵌 Valkey", self._start_valkey)
        self._step("数据库迁移", lambda: migrate(self.places))
        self._step("济南数据包", lambda: load(self.places))
        self._step("微信模拟器", self._start_simulator)
        self._step("网页服务", self._start_web)
        self._step(f"工作进程 ×{_WORKERS}（含时钟）", self._start_workers)
        self._step("绑定演示人物", lambda: bind_cast(self.places))
        self._step("指挥部登录账号", lambda: give_logins(self.places))
        self._step("公众号和企业微信菜单", lambda: put_menu(self.places))

    def watch(self) -> None:
        """Restart whatever dies, until the process is told to stop."""
        while True:
            time.sleep(1)
            for part in self.revive():
                click.echo(f"{part.name} 停了，已重启（日志：{part.log}）")

    def revive(self) -> list[Part]:
        """Start again whatever has died; returns those parts. They may need a moment until they answer."""
        dead = [part for part in self.parts if not part.is_running]
        for part in dead:
            part.start()
        return dead

    def stop(self) -> None:
        """Stop in the order in which nothing is missed: who hears first, who remembers last."""
        self.simulator.stop()
        # Together, because each takes its time to finish what it has begun.
        for part in (self.web, *self.workers):
            part.ask_to_stop()
        for part in (self.web, *self.workers, self.valkey):
            part.stop()
        self.places.socket.unlink(missing_ok=True)

    def _step(self, what: str, do: Callable[[], None]) -> None:
        began = time.monotonic()
        click.echo(f"  {what} … ", nl=False)
        do()
        click.echo(f"好 ({time.monotonic() - began:.1f} s)")

    def _start_valkey(self) -> None:
        self.valkey.start()
        wait_until(self.valkey, lambda: redis_answers(self.places))

    def _start_simulator(self) -> None:
        self.simulator.start()
        wait_until(self.simulator, lambda: answers(f"{self.places.simulator_url}/sim/state"))

    def _start_web(self) -> None:
        self.web.start()
        wait_until(self.web, lambda: answers(f"{self.places.web_url}/healthz"))

    def _start_workers(self) -> None:
        for part in self.workers:
            part.start()


@contextmanager
def _database(places: Places) -> Iterator[Database]:
    """The system's own tables, from outside. Raises NotStarted when they cannot be used."""
    engine = open_engine(load_settings(places.config).database.get_secret_value())
    try:
        yield Database(engine)
    except SQLAlchemyError as error:
        raise NotStarted(f"the database {engine.url!r} cannot be used: {error}") from error
    finally:
        engine.dispose()


def put_menu(places: Places) -> None:
    """What `run.py menu` does. The phones show it under the conversation."""
    settings = load_settings(places.config)
    installation = install(settings)
    try:
        registry.put_menu(installation, ACCOUNT, read_menu(settings.data))
        registry.put_menu(installation, WORK, read_menu(settings.data, WORK_FILE))
    except SendError as error:
        raise NotStarted(f"the simulated WeChat does not take the menu: {error}") from error
    finally:
        installation.database.engine.dispose()
        installation.redis.close()


def migrate(places: Places) -> None:
    """What `run.py migrate` does, without the second a process of its own takes."""
    with _database(places) as database:
        migration.upgrade(database.engine)


def load(places: Places) -> None:
    """What `run.py load` does."""
    with _database(places) as database, database.story() as session:
        registry.load_units(session, load_pack(ROOT / "data" / "jinan"))


def bind_cast(places: Places) -> None:
    """市民 follow the account, everybody with a role scans the QR of an invitation, as in life. Done once."""
    with _database(places) as database:
        codes = _invitations(database)
    for player in CAST:
        phone = Person(places.simulator_url, player.account, player.openid)
        if code := codes.get(player.openid):
            _bind(phone, player, code)
        if player.account == ACCOUNT and not phone.lines():
            phone.does("subscribe")


def give_logins(places: Places) -> None:
    """What `run.py console add` does, for whoever of the cast works in the command centre or leads a unit."""
    with _database(places) as database, database.story() as session:
        logins.open_logins(session)


def _bind(phone: Person, player: Player, code: str) -> None:
    if player.account == ACCOUNT:
        phone.scans(code)
        # A word opens the 48-hour window, as the first 帮助 of a new officer does.
        phone.says("帮助")
    else:
        phone.says(f"绑定 {code}")


def _invitations(database: Database) -> dict[str, str]:
    """A code for everybody who is not bound yet."""
    with database.story() as session:
        staff = select(Identity.openid).join(Membership, Membership.person_id == Identity.person_id)
        bound = {openid.lower() for openid in session.scalars(staff)}
        return {
            player.openid: _invited(session, player, player.role)
            for player in CAST
            if player.role and player.openid.lower() not in bound
        }


def _invited(session: Session, player: Player, role: Role) -> str:
    return invite(
        session,
        role,
        player.unit,
        player.name,
        datetime.now(UTC),
        timedelta(days=1),
        post=player.post,
        outlet=player.outlet,
        areas=player.areas,
    ).code


def run_demo(folder: Path, hour: timedelta, port: int) -> None:
    """Start, print where to look, and stay until Ctrl-C."""
    # Said aloud, because a shell that starts us in the background has SIGINT ignored.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with alone_in(folder):
            _stay(System(choose_places(folder, port), hour), hour, port)
    except NotStarted as error:
        raise click.ClickException(str(error)) from error


def _stay(system: System, hour: timedelta, wanted_port: int) -> None:
    places = system.places
    click.echo("创城督导机器人 · 演示启动")
    if places.web_port != wanted_port:
        click.echo(f"  端口 {wanted_port} 已被占用，改用 {places.web_port}")
    try:
        system.start()
        click.echo(_addresses(places, hour))
        system.watch()
    except KeyboardInterrupt:
        click.echo("\n正在停止…")
    finally:
        # A second Ctrl-C must not leave half of it running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        system.stop()
        click.echo(f"已停止。数据保留在 {places.folder}，下次启动继续。")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _addresses(places: Places, hour: timedelta) -> str:
    base = places.simulator_url
    return f"""
打开：
  指挥部（浏览器）   {places.web_url}/console/  用户名 {_who_logs_in()}；密码都是 {logins.PASSWORD}
  市民和经办人并排   {base}/split?left={CITIZEN}&right={OFFICER}
  企业微信（卡片）   {base}/?person={WORK}/{COLLEAGUE}
  群聊               {base}/?person={CREW}/{CREW_MEMBER}
  调度员             {base}/?person={DISPATCHER}
  所有人             {base}/
  健康 · 指标        {places.web_url}/readyz  {places.web_url}/metrics
  12345热线接口      {places.web_url}/api/hotline/orders（密钥：run.py --config {places.config} hotline key 名称）

试一试：在左边的手机上点左下角的键盘，再点“＋”，发一张照片、一个位置（甸柳新村），写“垃圾桶满了没人清”，再回复“完成”；
右边的经办人会收到通知，回复“认领”“整改”。回复“帮助”看能说什么。
六个平台各有上报的人；在谁的手机上点“＋”→“试着说”，就有那个平台的例句（记者另有“文章链接”）。
演示时钟：1 小时 = {span(hour)}。不认领的话，{span(hour * 6)}后提醒，{span(hour * 12)}后超时，再往后督办。
想快一点：make demo HOUR=10s　　重新开始：删掉 {places.folder}
Ctrl-C 停止。"""


def _who_logs_in() -> str:
    return "、".join(f"{username}（{words}）" for username, words in logins.WORDS.items())
