"""照片存疑: an officer sends the citizen's own picture as proof; somebody has to look; the second try is honest."""

from demo.cast import CITIZEN, DISPATCHER, OFFICER
from demo.phrases import COMPLAINT
from demo.story import Chapter, Story

_PLACE = (36.659, 117.0665, "甸柳新村第三小区")
_SHOT = 7  # the citizen's very photo, sent on


def _report(story: Story) -> str:
    # The words first: a photo that comes seconds after another report would be taken for one of that.
    story.says(CITIZEN, f"{COMPLAINT}，路边也堆着", "照片")
    story.people[CITIZEN].sends_photo("street_rubbish", shot=_SHOT)
    story.people[CITIZEN].sends_place(*_PLACE)
    return story.finishes(CITIZEN)


def _claim(story: Story) -> str:
    story.hears(OFFICER, f"认领 {story.number}")
    return story.claims(OFFICER)


def _same_photo(story: Story) -> str:
    return story.rectifies(OFFICER, "已清运", "street_rubbish", shot=_SHOT)


def _officer_told(story: Story) -> str:
    return story.hears(OFFICER, "照片存疑")


def _sent_to_look(story: Story) -> str:
    return story.hears(DISPATCHER, "须现场核查")


def _not_from_the_desk(story: Story) -> str:
    return story.says(DISPATCHER, f"通过 {story.number}", "须现场核查")


def _failed(story: Story) -> str:
    answer = story.says(DISPATCHER, f"不通过 {story.number} 到场看了，垃圾还在，弄虚作假", "返工")
    story.hears(OFFICER, "弄虚作假")
    return answer


def _honest(story: Story) -> str:
    return story.rectifies(OFFICER, "这回清干净了", "street_rubbish_clean")


def _verification(story: Story) -> str:
    return story.passes(DISPATCHER)


def _told_closed(story: Story) -> str:
    return story.hears(CITIZEN, "经核查已办结")


CHAPTER = Chapter(
    "doubt",
    "照片存疑",
    (
        ("市民上报", _report),
        ("经办人认领", _claim),
        ("整改：发来的是市民的那张照片", _same_photo),
        ("经办人得知照片存疑，该怎么拍", _officer_told),
        ("指挥部得知须现场核查", _sent_to_look),
        ("不看现场不能通过", _not_from_the_desk),
        ("现场核查不通过，返工", _failed),
        ("重新整改，重新拍照", _honest),
        ("指挥部核查通过", _verification),
        ("市民得知办结", _told_closed),
    ),
)
