"""文明交通志愿服务: a few words from the roadside; the volunteer's post says where."""

from demo.cast import DISPATCHER, OFFICER, POLICE_OFFICER, VOLUNTEER
from demo.phrases import PLATE, VENDOR, WRONG_WAY
from demo.story import Chapter, Missing, Story

_POST = "甸柳新村路口"


def _post(story: Story) -> str:
    return story.says(VOLUNTEER, "我的岗位", _POST)


def _report(story: Story) -> str:
    story.says(VOLUNTEER, VENDOR, "材料齐了")
    return story.finishes(VOLUNTEER)


def _assignment(story: Story) -> str:
    task = story.expects(story.hears(OFFICER, f"认领 {story.number}"), _POST, VENDOR)
    if PLATE in task:
        raise Missing(f"the unit's task names the plate {PLATE}")
    return task


def _claim(story: Story) -> str:
    return story.claims(OFFICER)


def _rectification(story: Story) -> str:
    return story.rectifies(OFFICER, "摊贩已劝离", "occupied_pavement_clean")


def _verification(story: Story) -> str:
    return story.passes(DISPATCHER)


def _told_closed(story: Story) -> str:
    return story.hears(VOLUNTEER, "经核查已办结")


def _police(story: Story) -> str:
    story.says(VOLUNTEER, WRONG_WAY, "材料齐了")
    story.finishes(VOLUNTEER)
    story.hears(POLICE_OFFICER, f"认领 {story.number}")
    story.claims(POLICE_OFFICER)
    # No picture shows that somebody was talked to: this category asks for words.
    story.says(POLICE_OFFICER, f"整改 {story.number} 已到场劝导", "等待核查")
    return story.passes()


def _hidden(story: Story) -> str:
    return story.hides(VOLUNTEER, PLATE)


CHAPTER = Chapter(
    "traffic_volunteer",
    "文明交通志愿服务",
    (
        ("志愿者的岗位已登记", _post),
        ("几个字，不写地点", _report),
        ("按岗位派到所在街道，车牌已隐去", _assignment),
        ("认领", _claim),
        ("整改：照片和说明", _rectification),
        ("指挥部核查通过", _verification),
        ("志愿者得知办结", _told_closed),
        ("交通行为派到交警，同样办结", _police),
        ("责任单位看不到谁上报的，也看不到车牌", _hidden),
    ),
)
