"""通报: what stands in the papers made of published tables."""

import re
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from scoring.notice import Notice, table_of
from scoring.papers import wording
from scoring.papers.outline import AREA, Grid, Part, Words, outline
from scoring.papers.pdf import pdf
from scoring.papers.typeface import lines, runs
from scoring.papers.word import word
from tests.scoring.made_tables import CORRECTION, SUGGESTED, kept, notice


def said(made: Notice, *parts: Part) -> list[str]:
    blocks = [block for block in outline(made) if isinstance(block, Words)]
    return [block.words for block in blocks if not parts or block.part in parts]


def grids(made: Notice) -> list[Grid]:
    return [block for block in outline(made) if isinstance(block, Grid)]


def words_of(file: bytes) -> str:
    pages = (page.extract_text() for page in PdfReader(BytesIO(file)).pages)
    return "".join(re.sub(r"— \d+ —", "", page) for page in pages)


def words_of_docx(file: bytes) -> str:
    document = Document(BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_it_names_period_addressees_issuer_and_day() -> None:
    made = notice()

    assert said(made, Part.TITLE) == ["关于2026年11月创城督导考核情况的通报"]
    assert said(made, Part.SIGNED, Part.DATED) == ["济南市创建全国文明城市工作指挥部", "2026年12月8日"]
    assert said(made, Part.TO)[0].endswith("：")


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        ((2026, 11, 1), (2026, 12, 1), "2026年11月"),
        ((2026, 12, 1), (2027, 1, 1), "2026年12月"),
        ((2026, 1, 1), (2027, 1, 1), "2026年1月1日至2026年12月31日"),
        ((2026, 11, 2), (2026, 11, 9), "2026年11月2日至2026年11月8日"),
    ],
)
def test_it_says_periods_by_their_first_and_last_day(
    begins: tuple[int, int, int], ends: tuple[int, int, int], words: str
) -> None:
    assert wording.period(date(*begins), date(*ends)) == words


def test_it_has_a_red_head_only_where_one_is_given() -> None:
    assert said(notice(), Part.RED_HEAD, Part.NUMBER) == []
    assert said(notice(red_head="某某文件", number="某〔2026〕1号"), Part.RED_HEAD) == ["某某文件"]


def test_it_sets_those_with_too_few_cases_apart() -> None:
    ranked, few = grids(notice())[2:4]

    assert [row[0] for row in ranked.rows] == ["1", "2", "2", "4", "5", "6", "7", ""]
    assert [row[:3] for row in few.rows] == [("—", "济南高新技术产业开发区", "88.00")]


def test_it_marks_a_veto_and_says_which() -> None:
    ranked = grids(notice())[2]

    assert ranked.rows[-2][1] == "章丘区※"
    assert "章丘区（虚假整改）" in "".join(said(notice(), Part.NOTE))


def test_it_gives_no_figure_for_what_was_not_counted() -> None:
    few = grids(notice())[3]

    assert few.rows[0][few.heads.index("群众\n满意")] == "—"


def test_no_table_is_wider_than_the_type_area() -> None:
    assert all(abs(sum(grid.widths) - AREA) < 1e-6 or sum(grid.widths) < AREA for grid in grids(notice()))


def test_it_names_nobody_as_last_who_is_among_the_first() -> None:
    department = table_of(kept("department"))

    assert [line.rank for line in department.top(3)] == [1, 2, 2]
    assert [line.rank for line in department.bottom(3)] == [4]


def test_it_calls_suggestions_suggestions_and_leaves_them_out_of_the_public_paper() -> None:
    inside = said(notice(suggestions=SUGGESTED))

    assert "历下区：连续2期居前3位，建议通报表扬。" in inside
    assert any("不是决定" in one for one in inside)
    assert not any("建议通报表扬" in one for one in said(notice()))


def test_a_correction_stands_beside_a_table_that_stays() -> None:
    before, after = kept(), kept(corrections=[CORRECTION])
    plain, corrected = (Notice((table_of(one),), "市", date(2026, 12, 20)) for one in (before, after))

    assert grids(plain)[:2] == grids(corrected)[:2]
    assert grids(corrected)[-1].rows[0][2:] == (
        *("天桥区",),
        "一件不属于该区的案件被计入，予以更正（名次：4 → 3；得分：95.66 → 96.20）",
    )


@pytest.mark.parametrize("make", [word, pdf])
def test_both_papers_say_everything(make: object) -> None:
    made = notice(red_head="济南市文件", suggestions=SUGGESTED)
    file = make(made)  # type: ignore[operator]
    text = words_of_docx(file) if make is word else words_of(file)

    expected = [*said(made), *(cell for grid in grids(made) for row in grid.rows for cell in row)]
    squeezed = "".join(text.split())
    assert [one for one in expected if "".join(one.split()) not in squeezed] == []


def test_the_pdf_brings_every_font_it_uses_and_is_the_same_again() -> None:
    file = pdf(notice())
    page = PdfReader(BytesIO(file)).pages[-1]

    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    named = [font for font in fonts if "Noto" in font["/BaseFont"]]
    assert named
    assert all("/FontFile2" in font["/FontDescriptor"] for font in named)
    assert file == pdf(notice())


def test_the_paper_is_a4_with_the_margins_of_the_standard() -> None:
    section = Document(BytesIO(word(notice()))).sections[0]

    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 28]


def test_no_line_begins_with_a_stop_and_none_is_too_long() -> None:
    words = "居后的是：历城区（第5名，94.95分）、长清区（第6名，94.24分）、章丘区（第7名，93.53分）。" * 3
    broken = lines(words, 200, 15.75, False, 2)

    assert "".join(broken) == words
    assert not any(line[0] in "，。、；：）" or line[-1] == "（" for line in broken)


def test_every_character_of_the_units_and_texts_can_be_printed() -> None:
    shown = "".join(wording.TEXTS.raw(key) for key in wording.TEXTS.names) + "※→—〔〕①"

    assert "〓" not in "".join(run for _, run in runs(shown, True))
