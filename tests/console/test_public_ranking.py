"""公开排名页: what everybody may see of published tables, and what nobody."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from werkzeug.test import TestResponse

from models.score import Correction, Objection, Ranking, RankingState
from scoring.published import is_genuine
from scoring.tables import correct, fingerprint
from tests.console.browsers import Office
from tests.console.chromium import Chromium, barriers, needs_chromium
from tests.scoring.made_tables import kept

PUBLISHED = datetime(2026, 12, 8, 2, tzinfo=UTC)
SUGGESTION = {"unit": "u0", "name": "历下区", "words": "建议启动问责程序", "times": 4, "top": 0, "bottom": 1}


def put(office: Office, tier: str = "district", state: RankingState = RankingState.PUBLISHED, **changes: Any) -> int:
    """A table in the database, as somebody froze it."""
    made = kept(tier)
    table = Ranking(
        tier=tier,
        title=f"2026年11月{tier}排名",
        begins_on=date(2026, 11, 1),
        ends_on=date(2026, 12, 1),
        state=state,
        rules=made["rules"],
        rules_version=made["rules_version"],
        rows={**made["rows"], "suggestions": [SUGGESTION]},
        made_at=PUBLISHED - timedelta(days=5),
        frozen_at=PUBLISHED - timedelta(days=1),
        published_at=PUBLISHED if state is RankingState.PUBLISHED else None,
    )
    table.digest = fingerprint(table)
    for name, value in changes.items():
        setattr(table, name, value)
    with office.stage.installation.database.story() as session:
        session.add(table)
        session.flush()
        return table.id


def corrected(office: Office, number: int, words: str = "一件案件误计，更正为96.20分") -> None:
    with office.stage.installation.database.story() as session:
        table = session.get_one(Ranking, number)
        correct(table, "u3", words, {"score": "96.20"}, None, PUBLISHED + timedelta(days=7))


def get(office: Office, address: str, **headers: str) -> TestResponse:
    return office.app.test_client().get(f"/ranking/{address}", headers=headers)


def words_in(answer: TestResponse) -> str:
    """Everything an answer says, out of whatever kind of file."""
    assert answer.status_code == 200
    data = answer.data
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as file:
            return "".join(file.read(name).decode("utf-8", "ignore") for name in file.namelist())
    if data.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return data.decode()


def test_everybody_sees_what_was_published_without_login(office: Office) -> None:
    number = put(office)

    assert f"/ranking/{number}" in get(office, "").text
    text = get(office, f"{number}").text
    assert all(words in text for words in ("历下区", "97.79", "一票否决：虚假整改", "样本不足", "内容与冻结时一致"))


@pytest.mark.parametrize("state", [state for state in RankingState if state is not RankingState.PUBLISHED])
@pytest.mark.parametrize("address", ["{}", "{}/verify", "{}.json", "{}.pdf", "{}.sealed"])
def test_what_is_not_published_does_not_exist(office: Office, state: RankingState, address: str) -> None:
    number = put(office, state=state)

    answer = get(office, address.format(number))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert answer.text.replace("999", "") == get(office, address.format(999)).text.replace("999", "")
    assert f"/ranking/{number}" not in get(office, "").text


def test_a_frozen_table_of_the_same_month_is_in_no_paper(office: Office) -> None:
    number = put(office)
    put(office, "street", RankingState.FROZEN)

    sheets = load_workbook(BytesIO(get(office, f"{number}.xlsx").data)).sheetnames
    assert sheets == ["区县", "规则", "校验值", "更正"]


def test_the_papers_hold_all_published_tables_of_the_period(office: Office) -> None:
    number = put(office)
    put(office, "street")

    words = "".join(page.extract_text() for page in PdfReader(BytesIO(get(office, f"{number}.pdf").data)).pages)
    assert "历下区" in words
    assert "第7街道办事处" in words


def test_nobody_hears_of_suggestions_objections_or_people(office: Office) -> None:
    asking, ruling = office.stage.dispatcher("周调度"), office.browser(office.stage.admin("郑管理")).person_id
    person = office.browser(asking).person_id
    number = put(office, made_by=person, published_by=ruling)
    with office.stage.installation.database.story() as session:
        found = session.get_one(Ranking, number)
        words = {"person_id": person, "words": "李群众的案件不算", "made_at": PUBLISHED}
        found.objections.append(Objection(unit_code="u3", accepted=False, ruling="不成立", **words))
        found.corrections.append(Correction(words="误计", made_at=PUBLISHED, person_id=person))

    # The rules themselves say what consecutive ranks lead to; of whom, nobody hears.
    secrets = ("历下区：", "周调度", "郑管理", "李群众", "不成立", "奖惩建议")
    for address in ("{}", "{}/verify", "{}.json", "{}.sealed", "{}.docx", "{}.xlsx", "{}.pdf"):
        told = words_in(get(office, address.format(number)))
        assert [secret for secret in secrets if secret in told] == []
    assert "suggestions" not in json.loads(get(office, f"{number}.json").data)["rows"]


def test_a_correction_stands_beside_a_table_that_stays(office: Office) -> None:
    number = put(office)
    before = json.loads(get(office, f"{number}.json").data)
    corrected(office, number)

    after = json.loads(get(office, f"{number}.json").data)
    assert (after["rows"], after["digest"]) == (before["rows"], before["digest"])
    page = get(office, f"{number}").text
    assert "得分：95.66 → 96.20" in page
    assert ">95.66<" in page
    assert "1处更正" in get(office, "").text


def test_a_correction_is_in_every_paper_at_once(office: Office) -> None:
    number = put(office)
    first = get(office, f"{number}.pdf").data
    corrected(office, number)

    again = get(office, f"{number}.pdf").data
    assert first != again
    assert "96.20" in PdfReader(BytesIO(again)).pages[-1].extract_text()
    assert load_workbook(BytesIO(get(office, f"{number}.xlsx").data))["更正"]["D2"].value.startswith("一件案件误计")


def test_the_sealed_file_has_the_digest_everybody_can_compute(office: Office) -> None:
    number = put(office)

    told = json.loads(get(office, f"{number}.json").data)
    assert sha256(get(office, f"{number}.sealed").data).hexdigest() == told["digest"]
    assert is_genuine(told)


def test_a_table_changed_in_the_database_says_so(office: Office) -> None:
    number = put(office)
    with office.stage.installation.database.story() as session:
        found = session.get_one(Ranking, number)
        rows = deepcopy(found.rows)
        rows["rows"][0]["score"] = "99.99"
        found.rows = rows

    assert "不一致" in get(office, f"{number}").text
    assert "不一致" in get(office, f"{number}/verify").text


def test_caches_may_keep_it_and_ask_whether_it_changed(office: Office) -> None:
    number = put(office)
    first = get(office, f"{number}")

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in first.headers
    assert get(office, f"{number}", **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    corrected(office, number)
    assert get(office, f"{number}", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("address", ["", "{}", "{}/verify", "999", "{}.jpg"])
def test_every_answer_has_a_strict_policy_and_no_script(office: Office, address: str) -> None:
    answer = get(office, address.format(put(office)))

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert b"<script" not in answer.data
    assert b"style=" not in answer.data


def test_nothing_can_be_written(office: Office) -> None:
    assert office.app.test_client().post(f"/ranking/{put(office)}").status_code == 405


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("size", ["phone", "pc"])
def test_it_is_readable_on_a_phone_without_scripts(office: Office, real: Chromium, size: str) -> None:
    number = put(office)
    put(office, "street")
    corrected(office, number)
    window = real.window(size, java_script_enabled=False)

    page = real.open(window, f"/ranking/{number}")
    assert page.get_by_role("row", name="历下区").is_visible()
    wide, room = (page.locator(name).bounding_box() for name in ("main", "html"))
    assert wide is not None
    assert room is not None
    assert wide["width"] <= room["width"] + 1
    for address in ("", f"{number}", f"{number}/verify"):
        assert barriers(real.open(real.window(size), f"/ranking/{address}")) == []
