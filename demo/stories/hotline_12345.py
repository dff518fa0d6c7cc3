"""12345市民服务热线(创城监督专线): a forwarded work order, and its outcome for the hotline's own system."""

import json
from datetime import UTC, datetime
from subprocess import run
from typing import Any

import requests

from demo.cast import DISPATCHER, OPERATOR, YAOJIA_OFFICER
from demo.config import ROOT
from demo.phrases import CALLER, CALLER_PHONE, work_order
from demo.processes import ours
from demo.story import Chapter, Missing, Story


def _order(story: Story) -> str:
    # Of its own each time, because an order that was taken once never makes a case again.
    story.order = f"JN{datetime.now(UTC):%Y%m%d%H%M%S}"
    story.says(OPERATOR, work_order(story.order), "材料齐了")
    return story.finishes(OPERATOR)


def _again(story: Story) -> str:
    story.says(OPERATOR, work_order(story.order), "材料齐了")
    return story.says(OPERATOR, "完成", f"已在编号 {story.number} 办理")


def _assignment(story: Story) -> str:
    task = story.hears(YAOJIA_OFFICER, f"认领 {story.number}")
    for secret in (CALLER, CALLER_PHONE):
        if secret in task:
            raise Missing(f"the unit's task names the caller: {task}")
    return task


def _claim(story: Story) -> str:
    return story.claims(YAOJIA_OFFICER)


def _rectification(story: Story) -> str:
    return story.rectifies(YAOJIA_OFFICER, "路灯已修复", "pothole_clean")


def _verification(story: Story) -> str:
    return story.passes(DISPATCHER)


def _told_closed(story: Story) -> str:
    return story.hears(OPERATOR, "经核查已办结")


def _refused(story: Story) -> str:
    status, told = _ask(story, "GET", "no such key")
    if status != 401:
        raise Missing(f"a wrong key should be refused with 401, it was {status}: {told}")
    return f"{status} {told}"


def _outcome(story: Story) -> str:
    key = _new_key(story)
    sent = _ask(
        story, "POST", key, {"number": story.order, "demand": "同一工单由系统再送一次", "address": "浆水泉路"}
    )
    status, told = _ask(story, "GET", key)
    if (sent[0], sent[1].get("case"), status, told.get("status")) != (200, story.number, 200, "closed"):
        raise Missing(f"the order should be known and closed: {sent}, {status} {told}")
    return json.dumps(told, ensure_ascii=False)


def _ask(story: Story, verb: str, key: str, order: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    """One request of the hotline's system: POST an order, or GET what became of this story's."""
    address = f"{story.places.web_url}/api/hotline/orders"
    with requests.Session() as session:
        session.trust_env = False  # no proxy lies between this machine and itself
        session.headers["Authorization"] = f"Bearer {key}"
        url = address if order else f"{address}/{story.order}"
        response = session.request(verb, url, json=order, timeout=10)
    return response.status_code, response.json()


def _new_key(story: Story) -> str:
    part = ours(story.places, "hotline-key", "hotline", "key", "12345热线系统")
    done = run(part.command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(done.stdout + done.stderr)
    return done.stdout.strip()


def _hidden(story: Story) -> str:
    return story.hides(OPERATOR, CALLER, CALLER_PHONE)


CHAPTER = Chapter(
    "hotline_12345",
    "12345市民服务热线（创城监督专线）",
    (
        ("坐席转来工单原文", _order),
        ("同一工单再转一次：不重复立案", _again),
        ("派到责任单位，任务里没有来电人", _assignment),
        ("认领", _claim),
        ("整改：照片和说明", _rectification),
        ("指挥部核查通过", _verification),
        ("坐席得知办结", _told_closed),
        ("热线系统用错密钥被拒", _refused),
        ("热线系统凭密钥取回办理结果", _outcome),
        ("责任单位看不到来电人，也看不到坐席", _hidden),
    ),
)
