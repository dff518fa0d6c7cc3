"""Exports of group conversations as people really bring them, and what must be read out of each."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.installation import ROOT
from handlers.groups.bursts import Burst, gathered
from handlers.groups.export import Circumstances, Export, read_export
from handlers.groups.files import ExportError
from photos.intake import DEFAULT_LIMITS
from routing.router import Router
from routing.scan import normalise

FOLDER = ROOT / "tests" / "fixtures" / "import_chat"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
ZONE = ZoneInfo("Asia/Shanghai")
KINDS = {"tidy", "untidy", "broken", "hostile"}


def read(name: str, **around: Any) -> Export:
    return read_export(FOLDER / name, Circumstances(zone=ZONE, **around))


def shown(export: Export, burst: Burst) -> dict[str, Any]:
    """A burst as it is written down in expected.json; a picture without a file has a question mark."""
    names = [picture.media_id for picture in burst.pictures]
    return {
        "speaker": burst.first.speaker,
        "when": burst.first.when,
        "words": burst.text if len(burst.text) < 200 else f"{burst.text[:20]}…{len(burst.text)}",
        "pictures": [name if name in export.files else f"{name}?" for name in names],
    }


@pytest.mark.parametrize("name", [name for name, told in EXPECTED.items() if "error" not in told])
def test_it_makes_of_an_export_what_its_people_meant(router: Router, name: str) -> None:
    export = read(name)

    bursts, left = gathered(export.sayings(), lambda words: bool(router.pack.lexicon.guesses(normalise(words))))

    assert {
        "chat": export.chat,
        "candidates": [shown(export, burst) for burst in bursts],
        "left": dict(left),
    } == EXPECTED[name]


@pytest.mark.parametrize("name", [name for name, told in EXPECTED.items() if "error" in told])
def test_it_says_in_one_line_why_an_export_cannot_be_read(name: str) -> None:
    with pytest.raises(ExportError) as refusal:
        read(name)

    assert str(refusal.value) == EXPECTED[name]["error"]


def test_it_has_exports_of_every_kind_and_an_expectation_for_each() -> None:
    there = {path.name for path in FOLDER.iterdir()} - {"expected.json"}

    assert there == set(EXPECTED)
    assert len(there) >= 25
    assert {name.split("_")[1] for name in there} == KINDS


def test_it_unpacks_no_more_of_a_bomb_than_a_picture_may_have() -> None:
    export = read("35_hostile_bomb.zip")

    data = export.picture(export.sayings()[0].pictures[0], DEFAULT_LIMITS.max_bytes)

    assert data is not None
    assert len(data) == DEFAULT_LIMITS.max_bytes + 1


def test_it_reads_nothing_outside_the_export(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    export = tmp_path / "export"
    export.mkdir()
    (export / "chat.txt").write_text(
        "张三  2026/11/23 8:00\n[图片: secret.jpg]\n[图片: ../secret.jpg]\n", encoding="utf-8"
    )
    (export / "secret.jpg").symlink_to(tmp_path / "secret.jpg")

    found = read_export(export, Circumstances(zone=ZONE))

    assert dict(found.files) == {}


def test_it_takes_the_day_from_who_brings_an_export_that_tells_only_hours() -> None:
    export = read("05_tidy_copied_only_hours.txt", day=date(2026, 11, 23))

    assert [f"{saying.sent_at:%d %H:%M}" for saying in export.sayings()] == ["22 23:42", "22 23:55"]


def test_it_finds_pictures_brought_in_a_folder_of_their_own() -> None:
    export = read("20_untidy_gbk.txt", pictures=FOLDER / "02_tidy_mail_old_phone")

    found = [picture.media_id in export.files for saying in export.sayings() for picture in saying.pictures]

    assert found == [True, True, True]


def test_it_calls_whoever_exported_it_by_the_name_given(tmp_path: Path) -> None:
    file = tmp_path / "chat.txt"
    file.write_text("我 2026/11/23 8:00\n垃圾桶满了\n", encoding="utf-8")

    export = read_export(file, Circumstances(zone=ZONE, me="陈志愿", group="甸柳群"))

    assert [(saying.speaker, saying.chat) for saying in export.sayings()] == [("陈志愿", "甸柳群")]
