"""Labelled reports in a table: read whole, or refused with file, line and reason."""

from datetime import time
from pathlib import Path

import pytest

from routing.pack import Pack
from routing.strict import PackError
from routing.table import ASK, COLUMNS, read_examples

HEADER = "\t".join(COLUMNS)
GOOD = {
    "text": "路灯不亮",
    "pin": "36.66,117.02",
    "place": "甸柳新村",
    "platform": "citizen_photo",
    "at": "22:30",
    "category": "part:01037",
    "district": "370102",
    "street": "370102009",
    "unit": "dept-urban",
}


def row(**changes: str) -> str:
    return "\t".join((GOOD | changes)[column] for column in COLUMNS)


def table(folder: Path, *lines: str, header: str = HEADER) -> Path:
    file = folder / "reports" / "table.tsv"
    file.parent.mkdir()
    file.write_text("\n".join([header, *lines]), "utf-8")
    return file


def test_it_reads_what_was_said_and_what_it_should_give(jinan: Pack, tmp_path: Path) -> None:
    (example,) = read_examples(table(tmp_path, row()), jinan)

    finding = example.finding
    assert (finding.text, finding.place, finding.platform) == ("路灯不亮", "甸柳新村", "citizen_photo")
    assert (finding.lat, finding.lon) == (36.66, 117.02)
    assert finding.at is not None
    assert finding.at.time() == time(22, 30)
    assert (example.category, example.district, example.street) == ("part:01037", "370102", "370102009")
    assert example.unit == "dept-urban"


def test_it_leaves_open_what_cannot_be_known(jinan: Pack, tmp_path: Path) -> None:
    bare = row(pin="", place="", at="", category="", district="", street="", unit=ASK)

    (example,) = read_examples(table(tmp_path, bare), jinan)

    assert (example.finding.lat, example.finding.lon, example.finding.at) == (None, None, None)
    assert (example.category, example.district, example.street, example.unit) == ("", "", "", ASK)


def test_it_takes_a_quotation_mark_for_a_character_like_any_other(jinan: Pack, tmp_path: Path) -> None:
    examples = read_examples(table(tmp_path, row(text='"路灯'), row(text='坏了"')), jinan)

    assert [example.finding.text for example in examples] == ['"路灯', '坏了"']


def test_it_takes_the_columns_in_any_order_with_others_between(jinan: Pack, tmp_path: Path) -> None:
    columns = [*reversed(COLUMNS), "note"]
    line = "\t".join((GOOD | {"note": "checked"})[column] for column in columns)

    (example,) = read_examples(table(tmp_path, line, header="\t".join(columns)), jinan)

    assert (example.finding.text, example.unit) == ("路灯不亮", "dept-urban")


def test_it_reads_a_table_without_rows(jinan: Pack, tmp_path: Path) -> None:
    assert read_examples(table(tmp_path), jinan) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"category": "event:99999"}, "unknown category 'event:99999'"),
        ({"district": "历下区"}, "unknown district '历下区'"),
        ({"street": "370102999"}, "unknown street '370102999'"),
        ({"unit": "dept-magic"}, "unknown unit 'dept-magic'"),
        ({"pin": "36.66"}, "not enough values"),
        ({"pin": "36.66,117.02,5"}, "too many values"),
        ({"pin": "here,there"}, "could not convert"),
        ({"at": "25:00"}, "hour must be in 0..23"),
        ({"at": "noon"}, "Invalid isoformat"),
    ],
)
def test_it_names_file_line_and_reason_of_a_broken_row(
    jinan: Pack, tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    file = table(tmp_path, row(), row(**changes), row())

    with pytest.raises(PackError) as refused:
        read_examples(file, jinan)

    assert str(refused.value).startswith("reports/table.tsv:3: ")
    assert reason in str(refused.value)


@pytest.mark.parametrize("columns", range(len(COLUMNS)))
def test_it_refuses_a_row_that_ends_early(jinan: Pack, tmp_path: Path, columns: int) -> None:
    short = "\t".join(row().split("\t")[: columns + 1])
    complete = columns + 1 == len(COLUMNS)

    if complete:
        assert len(read_examples(table(tmp_path, short), jinan)) == 1
    else:
        with pytest.raises(PackError, match=r"^reports/table\.tsv:2: "):
            read_examples(table(tmp_path, short), jinan)


@pytest.mark.parametrize("column", COLUMNS)
def test_it_names_the_column_that_is_missing(jinan: Pack, tmp_path: Path, column: str) -> None:
    header = "\t".join(name for name in COLUMNS if name != column)

    with pytest.raises(PackError, match=rf"^reports/table\.tsv:1: the column '{column}' is missing"):
        read_examples(table(tmp_path, header=header), jinan)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["no file", "no text"])
def test_it_names_the_file_it_cannot_read(jinan: Pack, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "reports" / "table.tsv"
    if content is not None:
        file.parent.mkdir()
        file.write_bytes(content)

    with pytest.raises(PackError, match=r"reports/table\.tsv.*cannot be read"):
        read_examples(file, jinan)
