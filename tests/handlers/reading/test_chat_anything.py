"""Whatever an export holds, the readers answer: with what they can tell apart, and never with an error."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reading import chat_marks, chat_rows, chat_text, chat_times, number_ranges
from handlers.reading.chatter import is_chatter

ZONE = ZoneInfo("Asia/Shanghai")
PIECES = st.sampled_from(
    [
        "张三",
        "  ",
        "\n",
        "\n\n",
        "08:12",
        "25:61",
        "下午",
        "2026-11-23",
        "2026/2/31 8:00:05",
        "—————",
        ":",
        "：",
        "[图片",
        "[图片: a.jpg(请在附件中查看)]",
        "图片1（可在附件中查看）",
        "「张三：",
        "」\n- - - - - -\n",
        "引用 张三 的消息 : ",
        "[位置: 甸柳]",
        "撤回了一条消息",
        "[语音] 5秒",
        "C:\\a\\b.png",
        "垃圾桶满了",
        "1795390925",
        "9" * 40,
        "\x00",
        "\ud800",
        "１２：３０",
        "ﷺ",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join)
HEADS = st.lists(
    st.sampled_from(["时间", "日期", "发送人", "内容", "类型", "文件", "StrTime", "Sender", "x"]), max_size=8
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_it_reads_any_text(text: str) -> None:
    said = chat_text.read(text).said

    assert all(one.speaker for one in said)
    assert isinstance(is_chatter(text), bool)
    assert len(number_ranges.read(text)[0]) <= number_ranges.AT_MOST


@settings(max_examples=150, deadline=None)
@given(HEADS, st.lists(st.lists(TEXTS, max_size=8), max_size=5))
def test_it_reads_any_table(head: list[str], rows: list[list[str]]) -> None:
    said = chat_rows.read([head, *rows], ZONE).said

    assert len(said) <= len(rows)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_it_reads_any_time(text: str) -> None:
    when = chat_times.read(text, ZONE)

    assert when.clock is None or when.clock.second == 0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["垃圾桶满了", "经十路口有人闯红灯", "第二行"]), min_size=1, max_size=3),
    st.integers(0, 3),
)
def test_it_finds_words_and_pictures_again_that_were_written_down(lines: list[str], pictures: int) -> None:
    body = chat_marks.body("\n".join([*lines, *["[图片]"] * pictures]))

    assert body.words.split("\n") == lines
    assert body.pictures == ("",) * pictures


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("2026-11-23 08:12:05", "2026-11-23", "08:12"),
        ("2026/11/3 8:12", "2026-11-03", "08:12"),
        ("2026年11月23日 星期一 下午3:05", "2026-11-23", "15:05"),
        ("11月23日 08:12", "None", "None"),
        ("12:30 AM", "None", "00:30"),
        ("上午12:30", "None", "00:30"),
        ("中午12:30", "None", "12:30"),
        ("2026-11-22T23:55:31Z", "2026-11-23", "07:55"),
        ("2026-11-23T07:55:31+08:00", "2026-11-23", "07:55"),
        ("1795390925", "2026-11-23", "07:42"),
        ("1795390925000", "2026-11-23", "07:42"),
        ("2026-02-31 08:12", "None", "08:12"),
        ("昨天", "None", "None"),
    ],
)
def test_it_reads_times_as_people_and_programs_write_them(text: str, day: str, clock: str) -> None:
    when = chat_times.read(text, ZONE)

    assert (str(when.day), f"{when.clock:%H:%M}" if when.clock else "None") == (day, clock)
