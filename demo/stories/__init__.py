"""六个平台的故事: one module each, from the platform's own first message to the closed case."""

from demo.stories import (
    citizen_patrol,
    citizen_photo,
    field_assessment,
    hotline_12345,
    media_supervision,
    traffic_volunteer,
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
