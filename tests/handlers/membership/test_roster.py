"""Rosters as offices send them: good ones, untidy ones, wrong ones and hostile ones."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

from handlers.membership.roster import Roster, RosterError, RosterRow, read_roster
from handlers.membership.spreadsheet import BYTES_AT_MOST, ROWS_AT_MOST
from routing.pack import Pack, load

HEADER = "姓名,角色,单位,岗位,负责区域,媒体,手机,代理人,有效期"
Read = Callable[..., Roster]


@pytest.fixture(scope="module")
def jinan() -> Pack:
    return load(Path(__file__).parents[3] / "data" / "jinan")


@pytest.fixture
def read(tmp_path: Path, jinan: Pack) -> Read:
    """Read the lines of a CSV file, the usual header above them unless told otherwise."""

    def read(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> Roster:
        path = tmp_path / "名单.csv"
        path.write_bytes("\n".join([header, *lines]).encode(encoding))
        return read_roster(path, jinan)

    return read


@pytest.fixture
def read_excel(tmp_path: Path, jinan: Pack) -> Callable[[Sequence[Sequence[object]]], Roster]:
    """Read the rows of an Excel file."""

    def read_excel(rows: Sequence[Sequence[object]]) -> Roster:
        path = tmp_path / "名单.xlsx"
        path.write_bytes(workbook(rows))
        return read_roster(path, jinan)

    return read_excel


def workbook(rows: Iterable[Sequence[object]]) -> bytes:
    book, buffer = Workbook(), BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(buffer)
    return buffer.getvalue()


def said(roster: Roster) -> list[tuple[int, str]]:
    return [(problem.row_number, problem.column) for problem in roster.problems]


OFFICER = RosterRow(
    2, "王科长", "officer", "370102001", phone="13800000001", deputy="李四", expires=date(2026, 12, 31)
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_it_reads_a_csv_in_any_usual_encoding(read: Read, encoding: str) -> None:
    roster = read("王科长,经办人,解放路街道,,,,13800000001,李四,2026-12-31", encoding=encoding)

    assert roster == Roster((OFFICER,), ())


@pytest.mark.parametrize("delimiter", ["\t", ";", "，"])
def test_it_finds_the_delimiter(read: Read, delimiter: str) -> None:
    line = "王科长,经办人,解放路街道,,,,13800000001,李四,2026-12-31".replace(",", delimiter)

    roster = read(line, header=HEADER.replace(",", delimiter))

    assert roster == Roster((OFFICER,), ())


def test_it_reads_an_excel_file_with_numbers_and_dates(
    read_excel: Callable[[Sequence[Sequence[object]]], Roster],
) -> None:
    rows = [["姓名", "角色", "单位", "手机", "AB岗", "有效期"]]
    people = [["王科长", "经办人", 370102001.0, 13800000001, "李四", datetime(2026, 12, 31)]]  # noqa: DTZ001

    roster = read_excel([*rows, *people])

    assert roster == Roster((OFFICER,), ())


def test_it_reads_english_headers_in_any_order_and_case(read: Read) -> None:
    roster = read(
        "13800000001,officer,王科长,李四,2026-12-31,370102001", header="Mobile,role,NAME,deputy,valid until,Unit"
    )

    assert roster == Roster((OFFICER,), ())


def test_it_reads_below_a_title_and_past_serial_numbers_and_remarks(read: Read) -> None:
    roster = read(
        ",,,", "序号,姓名（必填）,角色*,备注", "1,赵一,拍客,老成员", "", "2,钱二,市民拍客,", header="历下区名单,,,"
    )

    assert roster.rows == (RosterRow(4, "赵一", "photographer"), RosterRow(6, "钱二", "photographer"))
    assert roster.problems == ()


def test_it_understands_posts_areas_and_outlets(read: Read) -> None:
    roster = read(
        "孙三,志愿者,,经四纬二,,,,,",
        "周四,拍客,,,泉城路街道、大明湖街办,,,,长期",
        "吴五,记者,,,,新黄河,,,",
    )

    volunteer, photographer, journalist = roster.rows
    assert (volunteer.post, photographer.areas) == ("大观园路口", ("370102004", "370102005"))
    assert (photographer.expires, journalist.outlet) == (None, "济南时报")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("370102001", "370102001"), ("解放路街道", "370102001"), ("解放路街道办事处", "370102001"),
        ("解放路", "370102001"),
        ("历下区解放路街道", "370102001"), (" 解放路 街道 ", "370102001"), ("市城管局", "dept-urban"),
        ("历下区", "370102"),
        ("济南市城市管理局", "dept-urban"), ("文东街道", "370102007"), ("济南市历下区", "370102"),
        ("dept-urban", "dept-urban"),
    ],
)  # fmt: skip
def test_it_knows_a_unit_by_code_name_or_alias(read: Read, words: str, code: str) -> None:
    roster = read(f"王科长,经办人,{words},,,,,,")

    assert [row.unit for row in roster.rows] == [code]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)), ("2026/1/5", date(2026, 1, 5)), ("2026.12.31", date(2026, 12, 31)),
        ("20261231", date(2026, 12, 31)), ("2026年1月5日", date(2026, 1, 5)), ("2026-1-1 00:00:00", date(2026, 1, 1)),
        ("２０２６－０１－０５", date(2026, 1, 5)), ("长期", None), ("无", None), ("", None),
    ],
)  # fmt: skip
def test_it_reads_a_date_however_it_is_written(read: Read, words: str, day: date | None) -> None:
    roster = read(f"王科长,管理员,,,,,,,{words}")

    assert [row.expires for row in roster.rows] == [day]


@pytest.mark.parametrize(
    "words", ["138 0000 0001", "138-0000-0001", "+8613800000001", "8613800000001", "１３８０００００００１"]
)
def test_it_reads_a_mobile_however_it_is_written(read: Read, words: str) -> None:
    roster = read(f"王科长,管理员,,,,,{words},,")

    assert [row.phone for row in roster.rows] == ["13800000001"]


@pytest.mark.parametrize("title", ["班次", "时段", "值班时间", "上岗时间", "Shift", "班次（如07:00-09:00）"])
def test_it_reads_a_shift_under_any_of_its_names(read: Read, title: str) -> None:
    roster = read("孙三,志愿者,07:00-09:00", header=f"姓名,角色,{title}")

    assert roster == Roster((RosterRow(2, "孙三", "volunteer", shift="07:00-09:00"),), ())


@pytest.mark.parametrize(
    ("words", "shift"),
    [
        ("07:00-09:00", "07:00-09:00"), ("7:00~9:00", "07:00-09:00"), ("7：00至9：00", "07:00-09:00"),
        ("7点-9点", "07:00-09:00"), ("7点半-9点", "07:30-09:00"), ("7:00到9点", "07:00-09:00"),
        ("０７：００－０９：００", "07:00-09:00"), ("7:00～9:00", "07:00-09:00"), ("7:00 — 9:00", "07:00-09:00"),
        ("7时15分至9时5分", "07:15-09:05"), ("17点30-19点整", "17:30-19:00"),
        ("0:00-24:00", "00:00-24:00"), ("23:59-24:00", "23:59-24:00"), ("无", ""), ("", ""),
    ],
)  # fmt: skip
def test_it_reads_a_shift_however_it_is_written(read: Read, words: str, shift: str) -> None:
    roster = read(f"孙三,志愿者,{words}", header="姓名,角色,班次")

    assert [row.shift for row in roster.rows] == [shift]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("早上", "“早上”不是一天中的一段时间，请写成07:00-09:00"),
        ("7:00", "不是一天中的一段时间"),
        ("7-9", "不是一天中的一段时间"),
        ("7:60-9:00", "不是一天中的一段时间"),
        ("7点60分-9点", "不是一天中的一段时间"),
        ("7:00-24:01", "不是一天中的一段时间"),
        ("25:00-26:00", "不是一天中的一段时间"),
        ("7:00-9:00、17:00-19:00", "每行只填一段"),
        ("9:00-7:00", "“9:00-7:00”的结束时间不晚于开始时间"),
        ("7:00-7:00", "结束时间不晚于开始时间"),
        ("22:00-2:00", "跨夜的请分成两行：22:00-24:00和00:00-06:00"),
        ("=A1", "是公式或以符号开头"),
    ],
)
def test_it_says_how_to_write_a_shift(read: Read, cell: str, words: str) -> None:
    roster = read(f"孙三,志愿者,{cell}", header="姓名,角色,班次")

    assert said(roster) == [(2, "班次")]
    assert words in roster.problems[0].words


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (",经办人,解放路街道,,,,,,", "姓名", "缺少姓名"),
        ("王科长,,解放路街道,,,,,,", "角色", "缺少角色"),
        ("王科长,经办员,解放路街道,,,,,,", "角色", "是不是：经办人"),
        ("王科长,皇帝,解放路街道,,,,,,", "角色", "请填：拍客、巡访员"),
        ("王科长,经办人,解放街道,,,,,,", "单位", "是不是：解放路街道"),
        ("王科长,经办人,火星,,,,,,", "单位", "不认识的单位“火星”"),
        ("王科长,经办人,济阳,,,,,,", "单位", "“济阳”可以指济阳区、济阳街道，请写全称或代码"),
        ("王科长,经办人,,,,,,,", "单位", "角色“经办人”必须填写单位"),
        ("王科长,经办人,无,,,,,,", "单位", "角色“经办人”必须填写单位"),
        ("吴五,记者,,,,,,,", "媒体", "角色“记者”必须填写媒体"),
        ("吴五,记者,,,,济南曰报,,,", "媒体", "济南日报"),
        ("孙三,志愿者,,泉城广厂,,,,,", "岗位", "是不是：泉城广场"),
        ("周四,拍客,,,泉城路街道、月球,,,,", "负责区域", "不认识的单位“月球”"),
        ("王科长,管理员,,,,,1380000,,", "手机", "不是11位手机号"),
        ("王科长,管理员,,,,,1.38E+10,,", "手机", "设为文本"),
        ("王科长,管理员,,,,,0531-88880000,,", "手机", "不是11位手机号"),
        ("王科长,管理员,,,,,,,2026-02-30", "有效期", "“2026-02-30”不是有效日期，请写成2026-12-31"),
        ("王科长,管理员,,,,,,,46387", "有效期", "不是有效日期"),
        ("王科长,管理员,,,,,,,26-12-31", "有效期", "不是有效日期"),
        ("王科长,管理员,,,,,,,2026-01-01至2026-12-31", "有效期", "不是有效日期"),
        ("王科长,管理员,,,,,,,0001-01-01", "有效期", "不是有效日期"),
        ("王科长,管理员,,,,,,王科长,", "代理人", "代理人不能是本人"),
        ("王科长、李四,管理员,,,,,,,", "姓名", "请只填一个人的姓名"),
        ("#N/A,管理员,,,,,,,", "姓名", "不像姓名"),
        ("=1+1,管理员,,,,,,,", "姓名", "是公式或以符号开头"),
        ("＠SUM(A1),管理员,,,,,,,", "姓名", "是公式或以符号开头"),
        ("王科长,管理员,,,,,\"=cmd|'/c calc'!A1\",,", "手机", "不是11位手机号"),
        ("王科长,管理员,,,,,,,,多出来的", "第10列", "上面没有表头"),
    ],
)
def test_it_says_what_is_wrong_where_and_what_to_do(read: Read, line: str, column: str, words: str) -> None:
    roster = read("赵一,拍客,,,,,,,", line)

    assert said(roster) == [(3, column)]
    assert words in roster.problems[0].words
    assert [row.name for row in roster.rows] == ["赵一"]


def test_it_tells_every_problem_of_a_row_at_once(read: Read) -> None:
    roster = read("王科长,经办员,火星,,,,12,,昨天")

    assert said(roster) == [(2, "角色"), (2, "单位"), (2, "手机"), (2, "有效期")]


def test_it_stays_quick_where_every_row_is_wrong(read: Read) -> None:
    lines = [f"王科长,经办人,解放{number % 1500}街,,,,,," for number in range(3000)]

    roster = read(*lines)

    assert len(roster.problems) == 3000
    assert "是不是：解放路街道" in roster.problems[0].words
    assert "请填 units.yaml" in roster.problems[1400].words


@pytest.mark.parametrize(
    ("first", "second", "column", "words"),
    [
        ("王五,拍客,,,,,,,", "王五,拍客,,,,,,,", "姓名", "与第2行重复"),
        ("王五,拍客,,,,,13800000001,,", "王五,拍客,,,,,138 0000 0001,,", "姓名", "与第2行重复"),
        ("王五,拍客,,,,,13800000001,,", "王五,市民拍客,,,,,,,", "姓名", "若是同名的两个人，请都填上手机号"),
        ("王五,拍客,,,,,13800000001,,", "王六,拍客,,,,,13800000001,,", "手机", "与第2行王五的手机号相同"),
    ],
)
def test_it_finds_a_person_named_twice(read: Read, first: str, second: str, column: str, words: str) -> None:
    roster = read(first, second)

    assert said(roster) == [(3, column)]
    assert words in roster.problems[0].words
    assert [row.number for row in roster.rows] == [2]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("王五,拍客,,,,,13800000001,,", "王五,拍客,,,,,13800000002,,"),
        ("王五,拍客,,,,,13800000001,,", "王五,巡访员,,,,,13800000001,,"),
        ("王五,经办人,解放路街道,,,,,,", "王五,经办人,市城管局,,,,,,"),
    ],
)
def test_it_lets_a_name_stand_twice_for_two_people_or_two_roles(read: Read, first: str, second: str) -> None:
    roster = read(first, second)

    assert (len(roster.rows), roster.problems) == (2, ())


@pytest.mark.parametrize(
    ("first", "second", "repeated"),
    [
        ("孙三,志愿者,泉城广场,7:00-9:00", "孙三,志愿者,解放桥,17:00-19:00", False),
        ("孙三,志愿者,泉城广场,7:00-9:00", "孙三,志愿者,泉城广场,17:00-19:00", False),
        ("孙三,志愿者,泉城广场,7:00-9:00", "孙三,志愿者,解放桥,7:00-9:00", False),
        ("孙三,志愿者,泉城广场,", "孙三,志愿者,解放桥,", False),
        ("孙三,志愿者,解放桥,7:00-9:00", "孙三,志愿者,解放桥路口,7点至9点", True),
        ("孙三,志愿者,泉城广场,", "孙三,志愿者,泉城广场,", True),
    ],
)
def test_it_lets_a_person_have_several_posts_and_shifts(read: Read, first: str, second: str, repeated: bool) -> None:
    roster = read(first, second, header="姓名,角色,岗位,班次")

    assert said(roster) == ([(3, "姓名")] if repeated else [])


@pytest.mark.parametrize(
    ("header", "column", "words"),
    [
        ("姓名,角色,星座", "第3列", "不认识的列“星座”，请删去或改为：姓名、角色"),
        ("姓名,角色,=HYPERLINK(1)", "第3列", "不认识的列“=HYPERLINK(1)”"),
        ("姓名,角色,名字", "姓名", "“姓名”有两列"),
        ("姓名,单位,手机", "角色", "缺少“角色”列"),
    ],
)
def test_it_refuses_a_header_it_does_not_understand(read: Read, header: str, column: str, words: str) -> None:
    roster = read("王科长,管理员,x", header=header)

    assert said(roster) == [(1, column)]
    assert words in roster.problems[0].words
    assert roster.rows == ()


def test_it_drops_what_cannot_be_seen(read: Read) -> None:
    roster = read("\u200b王\u200b科长\ufeff,\u3000管理员\xa0,,,,,,,")

    assert roster.rows == (RosterRow(2, "王科长", "admin"),)


def test_it_numbers_rows_as_excel_does(read: Read) -> None:
    roster = read("", '赵一,拍客,,,"泉城路街道\n大明湖街道",,,,', "钱二,皇帝,,,,,,,")

    assert [row.number for row in roster.rows] == [3]
    assert said(roster) == [(4, "角色")]


def test_it_refuses_formulas_in_excel(read_excel: Callable[[Sequence[Sequence[object]]], Roster]) -> None:
    roster = read_excel([["姓名", "角色"], ['=HYPERLINK("http://x","王")', "管理员"], ["李四", "=B2"]])

    assert said(roster) == [(2, "姓名"), (3, "角色")]
    assert all(problem.words.startswith("“=") for problem in roster.problems)


def test_it_reads_the_first_visible_sheet(tmp_path: Path, jinan: Pack) -> None:
    book, path = Workbook(), tmp_path / "名单.xlsx"
    book.active.sheet_state = "hidden"
    book.create_sheet("名单").append(["姓名", "角色"])
    book["名单"].append(["赵一", "拍客"])
    book.save(path)

    roster = read_roster(path, jinan)

    assert roster.rows == (RosterRow(2, "赵一", "photographer"),)


def test_it_reads_past_a_stray_cell_in_excel_s_last_row(tmp_path: Path, jinan: Pack) -> None:
    book, path = Workbook(), tmp_path / "名单.xlsx"
    book.active.append(["姓名", "角色"])
    book.active["A200000"] = "赵一"
    book.save(path)

    roster = read_roster(path, jinan)

    assert said(roster) == [(200000, "角色")]


# As Excel itself writes them: texts in a part of their own, one of them in two colours.
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
EXCEL_S_OWN = {
    "[Content_Types].xml": f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}">
<sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""",
    "xl/worksheets/sheet1.xml": f"""<worksheet xmlns="{SHEETS}"><dimension ref="A1"/><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" t="s"><v>3</v></c></row>
<row r="4"><c r="A4" t="str"><f>A3</f><v>王科长</v></c><c r="B4" t="s"><v>3</v></c></row></sheetData></worksheet>""",
    "xl/sharedStrings.xml": f"""<sst xmlns="{SHEETS}"><si><t>姓名</t></si><si><t>角色</t></si>
<si><r><t>王</t></r><r><t>科长</t></r></si><si><t>管理员</t></si></sst>""",
}


def test_it_reads_what_excel_itself_writes(tmp_path: Path, jinan: Pack) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(zipped(**{name: text.encode() for name, text in EXCEL_S_OWN.items()}))

    roster = read_roster(path, jinan)

    assert roster.rows == (RosterRow(3, "王科长", "admin"),)
    assert said(roster) == [(4, "姓名")]


def test_it_reads_a_number_written_with_an_exponent(tmp_path: Path, jinan: Pack) -> None:
    path = tmp_path / "名单.xlsx"
    good = workbook([["姓名", "角色", "手机"], ["赵一", "拍客", 13800000001]])
    path.write_bytes(altered(good, "xl/worksheets/sheet1.xml", b"<v>13800000001<", b"<v>1.3800000001E10<"))

    roster = read_roster(path, jinan)

    assert roster.rows == (RosterRow(2, "赵一", "photographer", phone="13800000001"),)


def altered(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with one text of one of its parts replaced."""
    with ZipFile(BytesIO(data)) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    assert old in parts[part], "the change must hit something"
    return zipped(**{**parts, part: parts[part].replace(old, new)})


def zipped(**parts: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


UNREADABLE = {
    "empty": (b"", "文件是空的"),
    "blank": (b"\n , \n", "文件是空的"),
    "no header": ("赵一,拍客\n".encode(), "找不到表头"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为不加密的 .xlsx"),
    "cut off": (workbook([["姓名", "角色"]])[:2000], "已损坏"),
    "nothing visible": (
        altered(workbook([["姓名"]]), "xl/workbook.xml", b'state="visible"', b'state="hidden"'),
        "没有可见的工作表",
    ),
    "another zip": (zipped(photo=b"x"), "已损坏"),
    "too large": (b"x" * (BYTES_AT_MOST + 1), "文件超过5MB"),
    "bomb": (zipped(sheet=b"\0" * 61 * 1024 * 1024), "展开后超过60MB"),
    "no text": (b"\xff\xff\xff", "认不出文字编码"),
    "endless cell": (f"姓名,角色\n{'王' * 200_000},x".encode(), "不是完整的 CSV"),
    "too many rows": (b"name,role\n" + b"x,y\n" * ROWS_AT_MOST, f"超过{ROWS_AT_MOST}行"),
    "too many rows in excel": (workbook([["姓名"]] * (ROWS_AT_MOST + 1)), f"超过{ROWS_AT_MOST}行"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_it_refuses_a_file_it_cannot_read(tmp_path: Path, jinan: Pack, kind: str) -> None:
    content, words = UNREADABLE[kind]
    path = tmp_path / "名单.xlsx"
    path.write_bytes(content)

    with pytest.raises(RosterError, match=words):
        read_roster(path, jinan)


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path, jinan: Pack) -> None:
    with pytest.raises(RosterError, match="文件打不开"):
        read_roster(tmp_path / "没有.csv", jinan)


def test_it_refuses_entities_that_grow_without_end(tmp_path: Path, jinan: Pack) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 100}">' for n in range(1, 8))
    strings = EXCEL_S_OWN["xl/sharedStrings.xml"].replace("管理员", "&e7;")
    grown = f'<!DOCTYPE sst [<!ENTITY e0 "ha">{entities}]>{strings}'
    path = tmp_path / "名单.xlsx"
    parts = {**EXCEL_S_OWN, "xl/sharedStrings.xml": grown}
    path.write_bytes(zipped(**{name: text.encode() for name, text in parts.items()}))

    with pytest.raises(RosterError, match="已损坏"):
        read_roster(path, jinan)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_it_raises_nothing_else_for_a_damaged_workbook(tmp_path: Path, jinan: Pack, data: st.DataObject) -> None:
    with ZipFile(BytesIO(workbook([["姓名", "角色"], ["赵一", "拍客"]]))) as good:
        parts = {name: bytearray(good.read(name)) for name in good.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[name]) - 1))
    parts[name][at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    path = tmp_path / "名单.xlsx"
    path.write_bytes(zipped(**{name: bytes(content) for name, content in parts.items()}))

    try:
        roster = read_roster(path, jinan)
    except RosterError:
        return
    assert len(roster.rows) <= 1


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_it_reads_any_bytes_below_a_header(tmp_path: Path, jinan: Pack, body: bytes) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes(f"{HEADER}\n".encode() + body)

    try:
        roster = read_roster(path, jinan)
    except RosterError:
        return
    words = [problem.words for problem in roster.problems]
    values = [text for row in roster.rows for text in (row.name, row.post, row.outlet, row.phone, row.deputy)]
    assert not any(text.startswith(tuple("=+-@")) for text in (*words, *values))
