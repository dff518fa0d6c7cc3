"""冒烟: one whole story over real HTTP with real signatures and AES, printed step by step."""

import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from subprocess import run

import click
import yaml

from demo.cast import ACCOUNT, CITIZEN, COLLEAGUE, DISPATCHER, OFFICER
from demo.config import ROOT, NotStarted, Places, choose_places, running_places
from demo.processes import ours
from demo.system import System
from simulator.client import NotHeard, Person, Records, SimulatorError

HOUR = timedelta(seconds=1)
_PLACE = (36.659, 117.0665, "甸柳新村第三小区")


class Missing(AssertionError):
    """Something the story needs did not happen."""


@dataclass
class Story:
    """故事: the people of one case, and how long to wait for each word."""

    places: Places
    patience: float
    number: int = 0
    people: dict[str, Person] = field(default_factory=dict)

    def who(self, openid: str) -> Person:
        if openid not in self.people:
            self.people[openid] = Person(self.places.simulator_url, ACCOUNT, openid)
        return self.people[openid]

    def say(self, openid: str, words: str, expect: str) -> str:
        """Somebody says something and must be answered with certain words."""
        answer = self.who(openid).says(words).reply
        if expect not in answer:
            raise Missing(f"after {words!r} the answer should hold {expect!r}, it was {answer!r}")
        return answer

    def hear(self, openid: str, words: str, patience: float = 0) -> str:
        return self.who(openid).hears(words, patience or self.patience).text


def _report(story: Story) -> str:
    citizen = story.who(CITIZEN)
    for person in (OFFICER, COLLEAGUE, DISPATCHER):
        story.who(person)
    citizen.sends_photo("overflowing_bin")
    citizen.sends_place(*_PLACE)
    story.say(CITIZEN, "垃圾桶满了好几天没人清", "完成")
    answer = story.say(CITIZEN, "完成", "编号")
    story.number = int(re.findall(r"编号 (\d+)", answer)[0])
    return answer


def _assignment(story: Story) -> str:
    return story.hear(OFFICER, f"认领 {story.number}")


def _reminder(story: Story) -> str:
    return story.hear(OFFICER, "认领提醒", _first_reminder(story.places))


def _claim(story: Story) -> str:
    answer = story.say(OFFICER, f"认领 {story.number}", "已认领")
    story.say(COLLEAGUE, f"认领 {story.number}", "已由张三")
    return answer


def _told_claimed(story: Story) -> str:
    return story.hear(CITIZEN, "正在整改")


def _rectification(story: Story) -> str:
    story.who(OFFICER).sends_photo("overflowing_bin_clean")
    return story.say(OFFICER, f"整改 {story.number} 已清运", "等待核查")


def _before_and_after(story: Story) -> str:
    words = story.hear(CITIZEN, "满意吗")
    _wait(lambda: len(_pictures(story)) >= 2, story.patience, "the reporter sees two pictures")
    return words + f"\n[{len(_pictures(story))} 张图片]"


def _pictures(story: Story) -> list[str]:
    lines = story.who(CITIZEN).lines()
    return [line.picture for line in lines if line.sender == "account" and line.picture]


def _verification(story: Story) -> str:
    story.hear(DISPATCHER, f"通过 {story.number}")
    return story.say(DISPATCHER, f"通过 {story.number}", "办结")


def _told_closed(story: Story) -> str:
    return story.hear(CITIZEN, "经核查已办结")


def _satisfaction(story: Story) -> str:
    return story.say(CITIZEN, "1", "谢谢")


def _audit(story: Story) -> str:
    part = ours(story.places, "audit", "audit")
    done = run(part.command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(done.stdout + done.stderr)
    return done.stdout


STEPS: tuple[tuple[str, Callable[[Story], str]], ...] = (
    ("市民上报：照片、位置、一句话", _report),
    ("派单通知到经办人", _assignment),
    ("认领提醒按时到达", _reminder),
    ("认领；同事晚一步得知是谁先认领", _claim),
    ("市民得知已认领", _told_claimed),
    ("整改：照片和说明", _rectification),
    ("市民看到整改前后照片并被询问满意度", _before_and_after),
    ("指挥部核查通过", _verification),
    ("市民得知办结", _told_closed),
    ("市民评价满意", _satisfaction),
    ("审计：没有遗漏", _audit),
)


def run_smoke(running: Path | None) -> bool:
    """Play the story against a demo that runs in the folder, or a system of its own. Returns whether it held."""
    if running is not None:
        return _play(Story(_places_of(running), patience=20))
    with tempfile.TemporaryDirectory(prefix="smoke-") as folder:
        system = System(choose_places(Path(folder), 18000), HOUR)
        try:
            system.start()
            return _play(Story(system.places, patience=15))
        except NotStarted as error:
            click.echo(str(error), err=True)
            return False
        finally:
            system.stop()


def _play(story: Story) -> bool:
    for n, (title, step) in enumerate(STEPS, start=1):
        click.echo(f"{n:>2}. {title}")
        try:
            told = step(story)
        except (Missing, NotHeard, SimulatorError) as error:
            click.echo(f"    ✗ 没有发生：{error}", err=True)
            return False
        click.echo("    " + told.strip().replace("\n", "\n    "))
    refused = [push for push in Records(story.places.simulator_url).pushes() if push["outcome"] == "failed"]
    click.echo(f"✓ {len(STEPS)} 步全部发生，{len(refused)} 次推送失败")
    return not refused


def _wait(is_so: Callable[[], bool], patience: float, what: str) -> None:
    end = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > end:
            raise Missing(what)
        time.sleep(0.2)


def _first_reminder(places: Places) -> float:
    """How long the first claim reminder takes with these clocks, in seconds, and some patience."""
    claim = yaml.safe_load(places.config.read_text(encoding="utf-8"))["clocks"]["claim"]
    within = float(str(claim["within"]).rstrip("s"))
    return within + float(str(claim["remind"][0]["at"]).rstrip("s")) + 15


def _places_of(folder: Path) -> Places:
    try:
        return running_places(folder)
    except FileNotFoundError as error:
        raise click.ClickException(f"{folder} 里没有演示；先运行 make demo") from error
