"""企业微信: the officer's half by card: 派单 comes with buttons, one presses 认领, and everybody's card says who."""

import re

from demo.cast import CITIZEN, COLLEAGUE, DISPATCHER, LEADER, OFFICER
from demo.phrases import COMPLAINT
from demo.story import Chapter, Story

_PLACE = (36.659, 117.0665, "甸柳新村第三小区")


def _report(story: Story) -> str:
    # The words first: a photo that comes seconds after another report would be taken for one of that.
    citizen = story.people[CITIZEN]
    story.says(CITIZEN, f"{COMPLAINT}，又满了", "照片")
    citizen.sends_photo("overflowing_bin")
    citizen.sends_place(*_PLACE)
    return story.finishes(CITIZEN)


def _cards(story: Story) -> str:
    """Both members get the card, the officer on the Official Account the same task in words."""
    for openid in (COLLEAGUE, LEADER):
        story.hears(openid, f"编号 {story.number}")
    story.hears(OFFICER, f"认领 {story.number}")
    card = story.people[COLLEAGUE].cards()[-1]
    return f"{card['title']}  [{'] ['.join(button['text'] for button in card['buttons'])}]"


def _detail(story: Story) -> str:
    story.presses(COLLEAGUE, "详情")
    return story.hears(COLLEAGUE, COMPLAINT)


def _claim(story: Story) -> str:
    story.presses(COLLEAGUE, "认领")
    return story.hears(COLLEAGUE, "已认领")


def _everybodys_card(story: Story) -> str:
    story.hears(LEADER, "刘四认领")
    told = story.says(OFFICER, f"认领 {story.number}", "已由刘四")
    # A reminder may have brought the leader another card of the case meanwhile, or one of another case.
    story.eventually(lambda: not _open_cards(story), "no card of the leader's asks for what is done")
    return told


def _open_cards(story: Story) -> list[str]:
    cards = story.people[LEADER].cards()
    titles = [str(card["title"]) for card in cards if card["state"] == "open"]
    return [title for title in titles if re.search(rf"编号 {story.number}(?!\d)", title)]


def _rectification(story: Story) -> str:
    return story.rectifies(COLLEAGUE, "已清运", "overflowing_bin_clean")


def _verification(story: Story) -> str:
    return story.passes(DISPATCHER)


def _told_closed(story: Story) -> str:
    return story.hears(CITIZEN, "经核查已办结")


CHAPTER = Chapter(
    "work",
    "企业微信",
    (
        ("市民上报", _report),
        ("经办人和负责人收到带按钮的卡片", _cards),
        ("按“详情”：看内容", _detail),
        ("按“认领”", _claim),
        ("所有人的卡片都变成“已由…认领”", _everybodys_card),
        ("整改：在企业微信里发照片", _rectification),
        ("指挥部核查通过", _verification),
        ("市民得知办结", _told_closed),
    ),
)
