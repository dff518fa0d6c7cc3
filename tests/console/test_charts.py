"""图表: what the drawings say, to eyes and to screen readers, and what they must not hold."""

from xml.etree import ElementTree

import pytest

from console.charts import Chart, Series, bars, columns, lines, sparkline

SVG = "{http://www.w3.org/2000/svg}"
DAYS = [f"11-{day:02}" for day in range(1, 31)]
CASES = Chart("新案件", "每天新立的案件", DAYS, [Series("新案件", [float(n) for n in range(30)], "main")])
ALL = [lines, columns, bars]


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314


@pytest.mark.parametrize("draw", ALL)
def test_it_says_what_it_shows(draw: object) -> None:
    root = drawn(draw(CASES))

    assert root.get("role") == "img"
    assert (root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")) == ("新案件", "每天新立的案件")
    assert "每天新立的案件" in (root.get("aria-label") or "")


@pytest.mark.parametrize("draw", ALL)
def test_it_holds_no_style_and_no_script(draw: object) -> None:
    hostile = '"><script>alert(1)</script>'
    svg = draw(Chart(hostile, hostile, [hostile, "2"], [Series(hostile, [1, 2], "main")]))

    names = {name for element in drawn(svg).iter() for name in element.attrib}
    assert "style" not in names
    assert not any(name.startswith("on") for name in names)
    assert "<script" not in svg


def test_it_draws_a_column_as_high_as_its_value() -> None:
    root = drawn(columns(Chart("", "", ["甲", "乙"], [Series("", [5, 10], "main")])))

    low, high = (float(rect.get("height", 0)) for rect in root.iter(f"{SVG}rect"))
    assert high == pytest.approx(2 * low, abs=0.2)


def test_it_piles_series_up_without_overlap() -> None:
    root = drawn(columns(Chart("", "", ["甲"], [Series("", [5], "good"), Series("", [3], "bad")])))

    lower, upper = root.iter(f"{SVG}rect")
    assert float(upper.get("y", 0)) + float(upper.get("height", 0)) == pytest.approx(
        float(lower.get("y", 0)), abs=0.2
    )


def test_it_leaves_a_gap_where_there_is_no_value() -> None:
    root = drawn(lines(Chart("", "", DAYS[:7], [Series("", [1, 2, None, 4, 5, None, 7], "main")])))

    corners = [len((line.get("points") or "").split()) for line in root.iter(f"{SVG}polyline")]
    assert corners == [2, 2]
    assert len(list(root.iter(f"{SVG}circle"))) == 5


@pytest.mark.parametrize("draw", ALL)
@pytest.mark.parametrize("values", [[], [0], [None], [0.0, 0.0], [1e9, 3]])
def test_it_draws_whatever_there_is(draw: object, values: list[float | None]) -> None:
    assert drawn(draw(Chart("空", "", [str(n) for n in range(len(values))], [Series("", values, "main")])))
    assert drawn(sparkline(values, "空"))


def test_it_does_not_crowd_the_labels() -> None:
    labels = [text for text in drawn(lines(CASES)).iter(f"{SVG}text") if text.get("text-anchor") == "middle"]

    assert 4 <= len(labels) <= 8
