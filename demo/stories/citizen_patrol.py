"""市民巡访团: a round, one message with three problems and three photos, three cases, and the round's summary."""

from demo.cast import OFFICER, PATROL, VERIFIER
from demo.phrases import PATROL_LIST, ROUTE
from demo.story import Chapter, Missing, Story

_PHOTOS = ("illegal_parking", "street_rubbish", "small_ads")
_DONE = ("illegal_parking_clean", "street_rubbish_clean", "small_ads_clean")


def _begin(story: Story) -> str:
    return story.says(PATROL, f"开始巡访 {ROUTE}", ROUTE)


def _list(story: Story) -> str:
    return story.says(PATROL, PATROL_LIST, "3个问题")


def _photos(story: Story) -> str:
    for photo in _PHOTOS:
        story.people[PATROL].sends_photo(photo)
    answer = story.finishes(PATROL)
    if len(set(story.numbers)) != len(_PHOTOS):
        raise Missing(f"three problems should be three cases, they are {story.numbers}")
    return answer


def _assignments(story: Story) -> str:
    tasks = story.reads(OFFICER, *(f"回复“认领 {number}”；" for number in story.numbers))
    for task in tasks:
        story.expects(task, "照片1张", "完成")
    return "\n".join(dict.fromkeys(tasks))


def _claim(story: Story) -> str:
    return story.claims(OFFICER)


def _told_claimed(story: Story) -> str:
    return story.hears(PATROL, f"编号 {story.number}）已由")


def _rectification(story: Story) -> str:
    return story.rectifies(OFFICER, "车辆已摆放整齐", _DONE[0])


def _verification(story: Story) -> str:
    return story.passes(VERIFIER)


def _others(story: Story) -> str:
    told = []
    for number, photo in zip(story.numbers[1:], _DONE[1:], strict=True):
        story.number = number
        story.claims(OFFICER)
        story.rectifies(OFFICER, "已清理", photo)
        told.append(story.passes(VERIFIER))
    return "\n".join(told)


def _summary(story: Story) -> str:
    return story.says(PATROL, "结束巡访", "发现3件")


def _hidden(story: Story) -> str:
    return story.hides(PATROL)


CHAPTER = Chapter(
    "citizen_patrol",
    "市民巡访团",
    (
        ("开始巡访", _begin),
        ("一条消息写三个问题", _list),
        ("三张照片，完成：立三个案件", _photos),
        ("三件都派到经办人，各带自己的一张照片", _assignments),
        ("认领第一件", _claim),
        ("巡访员得知已认领", _told_claimed),
        ("整改：照片和说明", _rectification),
        ("核查员核查通过", _verification),
        ("另外两件同样办结", _others),
        ("结束巡访，收到小结", _summary),
        ("责任单位看不到谁上报的", _hidden),
    ),
)
