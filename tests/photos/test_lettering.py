"""Chinese words on pictures: nothing is cut off in the wrong place, and nothing is drawn as an empty box."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from photos.lettering import MISSING, Style, drawable, measure, shorten, wrap, write

STYLE = Style(40)
LONG = (
    "山大路与花园路交叉口东南角（历城区山大路178号银座购物广场北门），垃圾桶满溢，"
    "“没有人清理”！拍于 13:05，详见 jinan.example/abc。"
)


def drawn(text: str, style: Style = STYLE) -> bytes:
    sheet = Image.new("RGB", (600, 80), "white")
    write(sheet, (10, 10), text, style)
    return sheet.tobytes()


@pytest.mark.parametrize("width", [160, 240, 320, 400, 555, 800])
def test_it_breaks_lines_that_fit_and_loses_nothing(width: int) -> None:
    lines = wrap(LONG, width, STYLE, most=99)

    assert [line for line in lines if measure(line, STYLE) > width] == []
    assert "".join(lines).replace(" ", "") == LONG.replace(" ", "")


@pytest.mark.parametrize("width", range(200, 800, 40))
def test_it_begins_no_line_with_a_stop_and_ends_none_with_an_opening(width: int) -> None:
    lines = wrap(LONG, width, STYLE, most=99)

    assert [line for line in lines if line[0] in "，。！）”、：" or line[-1] in "（“"] == []


def test_it_keeps_a_number_and_a_latin_word_together() -> None:
    assert wrap("现编号 12345678 号案件", 280, STYLE) == ["现编号", "12345678 号案", "件"]


def test_it_breaks_a_word_that_is_wider_than_the_line() -> None:
    lines = wrap("A" * 60, 300, STYLE, most=9)

    assert "".join(lines) == "A" * 60
    assert max(measure(line, STYLE) for line in lines) <= 300


def test_it_says_that_lines_are_left_out() -> None:
    lines = wrap(LONG, 400, STYLE, most=2)

    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert measure(lines[1], STYLE) <= 400


@pytest.mark.parametrize(("width", "short"), [(400, "垃圾桶满溢"), (130, "垃圾…"), (50, "…")])
def test_it_shortens_only_what_is_too_long(width: int, short: str) -> None:
    assert shorten("垃圾桶满溢", width, STYLE) == short


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("趵突泉濯缨湖槐荫龘", "趵突泉濯缨湖槐荫龘"),
        ("→ ① … —— ℃ ¥", "→ ① … —— °C ¥"),
        ("Ⅲ期 ㈱", "III期 (株)"),
        ("垃圾📷满👨‍👩‍👧了\u200b", "垃圾满了"),
        ("坶한", MISSING * 2),
        ("一\t二\u3000三\x00", "一 二 三"),
        ("cafe\u0301", "café"),
        ("坏\ud800字", "坏字"),
    ],
)
def test_it_draws_no_empty_boxes(text: str, instead: str) -> None:
    assert drawable(text).replace("℃", "°C") == instead


def test_it_draws_every_letter_that_gb_2312_has_except_a_few() -> None:
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    letters = "".join(row.decode("gb2312", "ignore") for row in rows)

    assert len(letters) == 6763
    assert drawable(letters).count(MISSING) == 33


def test_it_draws_different_words_differently_and_the_same_ones_alike() -> None:
    assert drawn("编号 12") == drawn("编号 12") != drawn("编号 13")
    assert drawn("编号 12") != drawn("编号 12", Style(40, bold=True))


def test_it_draws_as_wide_as_it_measures() -> None:
    sheet = Image.new("L", (2000, 80))
    end = write(sheet, (0, 0), "整改前 11月23日 14:05，“已清”", Style(40, colour="#ffffff"))

    box = sheet.getbbox()

    assert box is not None
    assert end - 30 < box[2] <= end + 1


def test_it_draws_in_many_threads_what_it_draws_in_one() -> None:
    words = [f"编号 {n} 历下区甸柳新村街道" for n in range(40)]
    alone = [drawn(text) for text in words]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(drawn, words * 3))

    assert together == alone * 3
