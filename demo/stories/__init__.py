"""故事: one module for each platform, from its own first message to the closed case; and the other ways to speak."""

from demo.stories import (
    citizen_patrol,
    citizen_photo,
    doubtful_photo,
    field_assessment,
    group_chat,
    hotline_12345,
    media_supervision,
    traffic_volunteer,
    work_card,
)
from demo.story import Chapter

CHAPTERS: dict[str, Chapter] = {
    chapter.key: chapter
    for chapter in (
        citizen_photo.CHAPTER,
        citizen_patrol.CHAPTER,
        hotline_12345.CHAPTER,
        traffic_volunteer.CHAPTER,
        field_assessment.CHAPTER,
        media_supervision.CHAPTER,
    )
}

# 企业微信 and 群聊 are no platforms but ways to speak; doubts come with every platform.
_BESIDES = (work_card.CHAPTER, group_chat.CHAPTER, doubtful_photo.CHAPTER)
STORIES: dict[str, Chapter] = {**CHAPTERS, **{chapter.key: chapter for chapter in _BESIDES}}
