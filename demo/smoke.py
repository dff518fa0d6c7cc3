"""冒烟: nine stories over real HTTP with real signatures and AES, printed step by step."""

import tempfile
from datetime import timedelta
from pathlib import Path
from subprocess import run

import click
import requests

from demo.config import ROOT, NotStarted, Places, choose_places, running_places
from demo.processes import ours
from demo.stories import STORIES
from demo.story import Chapter, Missing, Step, Story
from demo.system import System
from simulator.client import NotHeard, Records, SimulatorError

HOUR = timedelta(seconds=1)


def _audit(story: Story) -> str:
    part = ours(story.places, "audit", "audit")
    done = run(part.command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(done.stdout + done.stderr)
    return done.stdout


def _every_push(story: Story) -> str:
    pushes = Records(story.places.simulator_url).pushes()
    failed = [push for push in pushes if push["outcome"] == "failed"]
    if failed:
        raise Missing(f"{len(failed)} of {len(pushes)} pushes failed: {failed[:3]}")
    return f"{len(pushes)} 次推送，没有一次失败"


LAST = Chapter("", "收尾", (("每次推送都有答复", _every_push), ("审计：没有遗漏", _audit)))
STEPS: tuple[Step, ...] = tuple(step for chapter in (*STORIES.values(), LAST) for step in chapter.steps)


def run_smoke(running: Path | None, only: str | None = None) -> bool:
    """Play against a demo that runs in the folder, or a system of its own. Returns whether everything happened.

    only: the key of the one story to play.
    """
    chapters = [STORIES[only]] if only else list(STORIES.values())
    if running is not None:
        return _play(_places_of(running), 20, chapters)
    with tempfile.TemporaryDirectory(prefix="smoke-") as folder:
        system = System(choose_places(Path(folder), 18000), HOUR)
        try:
            system.start()
            return _play(system.places, 15, chapters)
        except NotStarted as error:
            click.echo(str(error), err=True)
            return False
        finally:
            system.stop()


def _play(places: Places, patience: float, chapters: list[Chapter]) -> bool:
    # The next is told even where one broke off, so that one run shows all that is missing.
    told = [tell(Story(places, patience), chapter) for chapter in (*chapters, LAST)]
    if not all(told):
        return False
    steps = sum(len(chapter.steps) for chapter in (*chapters, LAST))
    what = "六个平台、企业微信、群聊和照片核对全部" if len(chapters) == len(STORIES) else chapters[0].name
    click.echo(f"\n✓ {what}走通，共 {steps} 步")
    return True


def tell(story: Story, chapter: Chapter) -> bool:
    """Play one story against a running system, saying what happens. Returns whether all of it happened."""
    click.echo(f"\n【{chapter.name}】")
    try:
        story.begins()
        for n, (title, step) in enumerate(chapter.steps, start=1):
            click.echo(f"{n:>2}. {title}")
            click.echo("    " + step(story).strip().replace("\n", "\n    "))
    except (Missing, NotHeard, SimulatorError, requests.RequestException) as error:
        click.echo(f"    ✗ 没有发生：{error}", err=True)
        return False
    return True


def _places_of(folder: Path) -> Places:
    try:
        return running_places(folder)
    except FileNotFoundError as error:
        raise click.ClickException(f"{folder} 里没有演示；先运行 make demo") from error
