"""群聊: a volunteer reports in the group, by a photo and a few words that @ the bot."""

from demo.cast import COLLEAGUE, CREW_MEMBER, DISPATCHER
from demo.phrases import PLATE, VENDOR
from demo.story import Chapter, Missing, Story

_POST = "甸柳新村路口"


def _bare_photo(story: Story) -> str:
    """WeCom tells the bot nothing of it; the group's people have to know."""
    said = story.group.says(CREW_MEMBER, photos=("occupied_pavement",), mentions=False)
    if said.outcome != "unheard":
        raise Missing(f"a bare photo should not reach the bot, its outcome was {said.outcome}")
    return story.expects(story.group.says(CREW_MEMBER, "帮助").reply, "同一条消息", "帮助")


def _report(story: Story) -> str:
    answer = story.group.says(CREW_MEMBER, VENDOR, ("occupied_pavement",)).reply
    return story.is_taken(CREW_MEMBER, story.expects(answer, "已受理", VENDOR))


def _assignment(story: Story) -> str:
    card = story.hears(COLLEAGUE, f"编号 {story.number}")
    story.presses(COLLEAGUE, "详情")
    told = story.expects(story.hears(COLLEAGUE, "占道"), _POST, VENDOR)
    if PLATE in card + told:
        raise Missing(f"the unit's task names the plate {PLATE}")
    return told


def _claim(story: Story) -> str:
    story.presses(COLLEAGUE, "认领")
    return story.hears(COLLEAGUE, "已认领")


def _settled(story: Story) -> str:
    story.rectifies(COLLEAGUE, "摊贩已劝离", "occupied_pavement_clean")
    return story.passes(DISPATCHER)


def _told_closed(story: Story) -> str:
    """In private: who reported is the reporter's own affair."""
    return story.hears(CREW_MEMBER, "经核查已办结")


def _nothing_else(story: Story) -> str:
    answer = story.group.says(COLLEAGUE, "待办").reply
    return story.expects(answer, "私聊", "待办")


CHAPTER = Chapter(
    "group",
    "群聊",
    (
        ("单独的照片机器人收不到，它会教怎么发", _bare_photo),
        ("照片和一句话，@机器人：当场受理", _report),
        ("按岗位派到街道，车牌已隐去", _assignment),
        ("按“认领”", _claim),
        ("整改、核查", _settled),
        ("志愿者在私聊里得知办结", _told_closed),
        ("办件的话不在群里说", _nothing_else),
    ),
)
