"""市民拍客团: a photo, a place and a sentence, until the citizen has said how satisfied they are."""

import yaml

from demo.cast import CITIZEN, COLLEAGUE, DISPATCHER, OFFICER
from demo.config import Places
from demo.phrases import COMPLAINT
from demo.story import Chapter, Story

_PLACE = (36.659, 117.0665, "甸柳新村第三小区")


def _report(story: Story) -> str:
    citizen = story.people[CITIZEN]
    citizen.sends_photo("overflowing_bin")
    citizen.sends_place(*_PLACE)
    story.says(CITIZEN, COMPLAINT, "完成")
    return story.finishes(CITIZEN)


def _assignment(story: Story) -> str:
    return story.hears(OFFICER, f"认领 {story.number}")


def _reminder(story: Story) -> str:
    return story.hears(OFFICER, "认领提醒", _first_reminder(story.places))


def _claim(story: Story) -> str:
    answer = story.claims(OFFICER)
    story.says(COLLEAGUE, f"认领 {story.number}", "已由张三")
    return answer


def _told_claimed(story: Story) -> str:
    return story.hears(CITIZEN, "正在整改")


def _rectification(story: Story) -> str:
    return story.rectifies(OFFICER, "已清运", "overflowing_bin_clean")


def _before_and_after(story: Story) -> str:
    words = story.hears(CITIZEN, "满意吗")
    story.eventually(lambda: len(_pictures(story)) >= 1, "the reporter sees before and after in one picture")
    return words + f"\n[{len(_pictures(story))} 张对比图]"


def _pictures(story: Story) -> list[str]:
    lines = story.people[CITIZEN].new_lines()
    return [line.picture for line in lines if line.sender == "account" and line.picture]


def _verification(story: Story) -> str:
    return story.passes(DISPATCHER)


def _told_closed(story: Story) -> str:
    return story.hears(CITIZEN, "经核查已办结")


def _satisfaction(story: Story) -> str:
    return story.says(CITIZEN, "1", "谢谢")


def _hidden(story: Story) -> str:
    return story.hides(CITIZEN)


def _first_reminder(places: Places) -> float:
    """How long the first claim reminder takes with these clocks, in seconds, and some patience."""
    claim = yaml.safe_load(places.config.read_text(encoding="utf-8"))["clocks"]["claim"]
    within = float(str(claim["within"]).rstrip("s"))
    return within + float(str(claim["remind"][0]["at"]).rstrip("s")) + 15


CHAPTER = Chapter(
    "citizen_photo",
    "市民拍客团",
    (
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
        ("责任单位看不到谁上报的", _hidden),
    ),
)
