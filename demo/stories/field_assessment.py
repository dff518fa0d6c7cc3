"""创城实地测评: one visit's sheet, shown back and corrected; later a covert re-check reopens what came back."""

from demo.cast import ASSESSOR, DISPATCHER, OFFICER
from demo.phrases import SHEET
from demo.story import Chapter, Missing, Story

_WRONG, _RIGHT = "垃圾桶满溢", "垃圾桶满溢，污水外流"
_DONE = (("摊贩已劝离", "occupied_pavement_clean"), ("已清运", "overflowing_bin_clean"))


def _sheet(story: Story) -> str:
    story.says(ASSESSOR, SHEET, "2个问题")
    return story.says(ASSESSOR, "完成", "核对测评单")


def _correction(story: Story) -> str:
    shown = next(line.text for line in reversed(story.people[ASSESSOR].new_lines()) if "核对测评单" in line.text)
    sheet = shown[shown.index("\n") + 1 :]
    return story.says(ASSESSOR, sheet.replace(_WRONG, _RIGHT), "确认")


def _confirmation(story: Story) -> str:
    answer = story.finishes(ASSESSOR, "确认")
    if len(set(story.numbers)) != 2:
        raise Missing(f"two findings should be two cases, they are {story.numbers}")
    return answer


def _assignments(story: Story) -> str:
    tasks = story.reads(OFFICER, *(f"回复“认领 {number}”；" for number in story.numbers))
    story.expects(tasks[1], _RIGHT, "确认")
    return "\n".join(dict.fromkeys(tasks))


def _settled(story: Story) -> str:
    told = []
    for number, (words, photo) in zip(story.numbers, _DONE, strict=True):
        story.number = number
        story.claims(OFFICER)
        story.rectifies(OFFICER, words, photo)
        told.append(story.passes(DISPATCHER))
    return "\n".join(told)


def _recheck(story: Story) -> str:
    story.number = story.numbers[0]
    return story.says(ASSESSOR, f"复查 {story.number} 未整改 摊位又回来了", "已申请重办")


def _petition(story: Story) -> str:
    return story.hears(DISPATCHER, "【重办申请】")


def _reopening(story: Story) -> str:
    answer = story.says(DISPATCHER, f"同意 {story.number}", "已重新办理")
    return answer + "\n" + story.hears(OFFICER, f"编号 {story.number} 需要返工")


def _closed_again(story: Story) -> str:
    story.rectifies(OFFICER, "已安排专人值守", "street_rubbish_clean")
    return story.passes(DISPATCHER)


def _hidden(story: Story) -> str:
    return story.hides(ASSESSOR)


CHAPTER = Chapter(
    "field_assessment",
    "创城实地测评",
    (
        ("一张测评单，两条扣分；完成时发回核对", _sheet),
        ("改好的测评单发回", _correction),
        ("确认：立两个案件", _confirmation),
        ("两件都派到经办人，按改后的内容", _assignments),
        ("认领、整改、核查，两件都办结", _settled),
        ("暗访复查：未整改", _recheck),
        ("重办申请到指挥部", _petition),
        ("指挥部同意重办，经办人得知", _reopening),
        ("再次整改，核查通过", _closed_again),
        ("责任单位看不到测评员", _hidden),
    ),
)
