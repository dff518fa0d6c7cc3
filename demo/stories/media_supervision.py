"""创城媒体监督: an article, a promise the unit owes, and the follow-up that closes the case."""

from demo.cast import DISPATCHER, JOURNALIST, YAOJIA_OFFICER
from demo.phrases import ARTICLE_TITLE, ARTICLE_URL, ARTICLE_WORDS, PLEDGE
from demo.story import Chapter, Story


def _article(story: Story) -> str:
    told = story.people[JOURNALIST].sends_link(ARTICLE_TITLE, ARTICLE_WORDS, ARTICLE_URL).reply
    story.expects(told, "材料齐了", ARTICLE_TITLE)
    return story.finishes(JOURNALIST)


def _triage(story: Story) -> str:
    return story.hears(DISPATCHER, f"派单 {story.number} 1")


def _assignment(story: Story) -> str:
    return story.says(DISPATCHER, f"派单 {story.number} 姚家街道", "已派给")


def _owed(story: Story) -> str:
    return story.expects(story.hears(YAOJIA_OFFICER, f"认领 {story.number}"), f"承诺 {story.number}", "派单")


def _claim(story: Story) -> str:
    return story.claims(YAOJIA_OFFICER)


def _pledge(story: Story) -> str:
    return story.says(YAOJIA_OFFICER, f"承诺 {story.number} {PLEDGE}", "承诺已登记")


def _told_pledge(story: Story) -> str:
    promised = f"编号 {story.number} 整改承诺"
    story.hears(DISPATCHER, promised)
    return story.hears(JOURNALIST, promised)


def _rectification(story: Story) -> str:
    return story.rectifies(YAOJIA_OFFICER, "早市已规范到划定区域", "occupied_pavement_clean")


def _follow_up(story: Story) -> str:
    return story.says(JOURNALIST, f"跟踪 {story.number} 已整改", "办结")


def _told_closed(story: Story) -> str:
    return story.hears(YAOJIA_OFFICER, "已办结")


def _hidden(story: Story) -> str:
    return story.hides(JOURNALIST)


CHAPTER = Chapter(
    "media_supervision",
    "创城媒体监督",
    (
        ("记者转发一篇文章", _article),
        ("先到调度员：媒体曝光都由人派单", _triage),
        ("调度员派单", _assignment),
        ("经办人收到任务，须作出整改承诺", _owed),
        ("认领", _claim),
        ("作出整改承诺：谁负责、何时完成", _pledge),
        ("指挥部和记者得知承诺", _told_pledge),
        ("整改：照片和说明", _rectification),
        ("记者跟踪：已整改，案件办结", _follow_up),
        ("责任单位得知办结", _told_closed),
        ("责任单位看不到是哪位记者", _hidden),
    ),
)
