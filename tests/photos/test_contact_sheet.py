"""Pages for a meeting: every case on one of them, in order, with its pictures or with words in their place."""

import re
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops

from photos.contact_sheet import PAGE, Entry, Words, as_pdf, pages
from photos.layout import Side
from tests.photos.drawing import GREEN, RED, SECRETS, jpeg, talkative_jpeg

WORDS = Words("照片清单", "历下区 · 共7件", "暂无照片", "第 {page} 页")
PICTURES = jpeg(Image.new("RGB", (300, 400), RED)), jpeg(Image.new("RGB", (400, 300), GREEN))


def entry(number: int, *, after: bool = True, warning: str = "") -> Entry:
    lines = ("地点：山大路", "单位：甸柳新村街道", "内容：垃圾桶满了没人清")
    done = Side("整改后", "11月23日 16:42", PICTURES[1:] if after else ())
    return Entry(f"编号 {number} · 暴露垃圾", lines, Side("整改前", "11月23日 09:10", PICTURES[:1]), done, warning)


def rows_of(page: Image.Image, colour: tuple[int, int, int]) -> int:
    """How many pictures of a colour stand one below the other on a page."""
    off = ImageChops.difference(page, Image.new("RGB", page.size, colour)).convert("L")
    here = off.point(lambda value: 255 if value < 8 else 0)
    column = [here.crop((0, y, page.width, y + 8)).getbbox() is not None for y in range(0, page.height, 8)]
    return sum(now and not before for before, now in zip([False, *column], column, strict=False))


@pytest.mark.parametrize(("cases", "per_page", "on_pages"), [(7, 5, [5, 2]), (8, 4, [4, 4]), (1, 8, [1]), (0, 5, [])])
def test_it_puts_every_case_on_a_page(cases: int, per_page: int, on_pages: list[int]) -> None:
    drawn = list(pages([entry(n) for n in range(cases)], WORDS, per_page))

    assert [rows_of(page, RED) for page in drawn] == on_pages
    assert {page.size for page in drawn} <= {PAGE}


def test_it_says_where_a_picture_is_missing() -> None:
    (whole,) = pages([entry(1)], WORDS)
    (half,) = pages([entry(1, after=False)], WORDS)
    (said,) = pages([entry(1, after=False)], Words("照片清单", "历下区 · 共7件", "没有照片", "第 {page} 页"))

    assert (rows_of(whole, GREEN), rows_of(half, GREEN)) == (1, 0)
    assert half.tobytes() != said.tobytes()


def test_it_writes_words_and_warnings() -> None:
    drawn = [next(pages([one], WORDS)).tobytes() for one in (entry(1), entry(2), entry(1, warning="整改逾期"))]

    assert len(set(drawn)) == 3


@pytest.mark.parametrize("per_page", [1, 5, 8])
def test_it_keeps_within_the_margins(per_page: int) -> None:
    words = "长" * 200
    long = Entry(words, (words,) * 9, Side("整改前", words, PICTURES[:1]), Side("整改后", words, ()), words)

    (page,) = pages([long] * per_page, Words(words, words, words, "{page}"), per_page)

    edges = (0, 0, 68, PAGE[1]), (PAGE[0] - 68, 0, PAGE[0], PAGE[1])
    assert {page.crop(edge).getextrema() for edge in edges} == {((255, 255),) * 3}


def test_it_needs_one_page_at_a_time() -> None:
    asked: list[int] = []

    def entries() -> Iterator[Entry]:
        for n in range(100):
            asked.append(n)
            yield entry(n)

    next(pages(entries(), WORDS))

    assert len(asked) == 5


def test_it_makes_one_pdf_that_tells_nothing_of_its_making() -> None:
    talk = Side("整改前", "", (talkative_jpeg(),))

    data = as_pdf(pages([Entry("编号 1", (), talk, talk)] * 6, WORDS))

    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 2
    assert b"[0 0 595.20 841.92]" in data
    assert [secret for secret in (*SECRETS, b"Date", b"Producer", b"Exif") if secret in data] == []


def test_it_makes_a_pdf_whose_objects_are_where_its_table_says() -> None:
    data = as_pdf(pages([entry(n) for n in range(11)], WORDS))

    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    rows = re.findall(rb"(\d{10}) 00000 n ", data[start:])
    assert data[start:].startswith(b"xref\n0 %d\n" % (len(rows) + 1))
    found = [data[int(row) :].split(b" ", 1)[0] for row in rows]
    assert found == [b"%d" % n for n in range(1, len(rows) + 1)]


def test_it_makes_the_same_pdf_of_the_same_cases() -> None:
    assert as_pdf(pages([entry(1)], WORDS)) == as_pdf(pages([entry(1)], WORDS))


def test_it_makes_no_pdf_of_nothing() -> None:
    with pytest.raises(ValueError, match="no page"):
        as_pdf([])


@pytest.mark.parametrize("per_page", [0, 9])
def test_it_refuses_pages_nobody_can_read(per_page: int) -> None:
    with pytest.raises(ValueError, match="on a page"):
        list(pages([], WORDS, per_page))
