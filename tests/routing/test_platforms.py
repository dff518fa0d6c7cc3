"""The six platforms and the roles: what the file says, and how a broken one is refused."""

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from routing.pack import Pack, PackError, load
from routing.platforms import PLATFORM_KEYS, ROLE_KEYS, read_platforms
from routing.strict import read
from tests.routing.conftest import JINAN

FILE = "data/town/platforms.yaml"
PHOTO = (
    "  - {key: citizen_photo, name: 拍客团, open_to: [anyone], wants: [photo, place], optional: [words], "
    "triage: unsure, asks_satisfaction: true, weight: 1, claim_hours: 6, welcome: 请拍照}\n"
)
OTHERS = "".join(
    f"  - {{key: {key}, name: 平台{at}, wants: [words], triage: always, asks_satisfaction: false, weight: 2.5, "
    "anonymous: true, pledge: true, welcome: 请写}\n"
    for at, key in enumerate(PLATFORM_KEYS[1:])
)
ROLES = "".join(
    f"  - {{key: {key}, name: 角色{key}, aliases: [又叫{key}], needs: [unit]}}\n" for key in ROLE_KEYS[1:]
)
GOOD = f"""\
platforms:
{PHOTO}{OTHERS}roles:
  - {{key: photographer, name: 拍客, platform: citizen_photo}}
{ROLES}"""

MISTAKES = [
    ("key: citizen_photo,", "key: citizen_foto,", 2, "unknown key 'citizen_foto' (known: citizen_photo, "),
    ("key: citizen_patrol,", "key: citizen_photo,", 3, "'citizen_photo' stands here twice"),
    (PHOTO, "", 1, "'citizen_photo' is missing from 'platforms'"),
    ("name: 拍客团, ", "", 2, "'name' must be a text and not empty"),
    ("[anyone]", "[everyone]", 2, "unknown open_to 'everyone'"),
    ("[anyone]", "[patrol]", 9, "'photographer' works for 'citizen_photo', which is not open to it"),
    ("[photo, place]", "[foto, place]", 2, "unknown wants 'foto'"),
    ("[photo, place]", "[photo, photo]", 2, "'photo' stands in 'wants' twice"),
    ("[photo, place]", "[photo, words]", 2, "'words' is both wanted and optional"),
    ("triage: unsure", "triage: sometimes", 2, "unknown triage 'sometimes' (known: unsure, always, never)"),
    ("triage: unsure, ", "", 2, "'triage' must be a text and not empty"),
    ("asks_satisfaction: true", "asks_satisfaction: yes", 2, "unknown asks_satisfaction 'yes' (known: true, false)"),
    ("asks_satisfaction: true, ", "", 2, "'asks_satisfaction' must be a text"),
    ("weight: 1,", "weight: 0,", 2, "'weight' must be a number above zero"),
    ("weight: 1, ", "", 2, "'weight' is missing"),
    ("claim_hours: 6", "claim_hours: soon", 2, "'claim_hours' must be a number above zero"),
    ("claim_hours: 6", "claim_days: 6", 2, "unknown key 'claim_days'"),
    ("welcome: 请拍照", "welcome: ''", 2, "'welcome' must be a text and not empty"),
    ("welcome: 请拍照", f"welcome: {'请' * 700}", 2, "'welcome' takes 2100 bytes, a message at most 2048"),
    ("pledge: true", "pledge: maybe", 3, "unknown pledge 'maybe'"),
    ("roles:", "role:", 8, "unknown key 'role'"),
    ("key: photographer", "key: painter", 9, "unknown key 'painter'"),
    ("key: admin", "key: verifier", 19, "'verifier' stands here twice"),
    ("platform: citizen_photo}", "platform: citizen}", 9, "unknown platform 'citizen'"),
    ("name: 角色admin", "name: 拍客", 19, "the name '拍客' belongs to 'photographer' and 'admin'"),
    ("[又叫admin]", "[又叫patrol]", 19, "the name '又叫patrol' belongs to 'patrol' and 'admin'"),
    ("[unit]", "[office]", 10, "unknown needs 'office' (known: unit, post, outlet)"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), MISTAKES)
def test_it_refuses_a_mistake_by_file_line_and_reason(old: str, new: str, line: int, reason: str) -> None:
    assert old in GOOD, "the mistake must hit something"

    with pytest.raises(PackError) as caught:
        read_platforms(read(FILE, GOOD.replace(old, new, 1)))

    assert (caught.value.file, caught.value.line) == (FILE, line)
    assert reason in caught.value.reason


def test_it_reads_a_platform_with_all_it_says() -> None:
    platforms, _ = read_platforms(read(FILE, GOOD))

    photo, media = platforms["citizen_photo"], platforms["media_supervision"]
    assert (photo.name, photo.open_to, photo.wants, photo.optional) == (
        "拍客团",
        ("anyone",),
        ("photo", "place"),
        ("words",),
    )
    assert (photo.claim_hours, photo.rectify_hours, photo.weight) == (6, None, 1)
    assert (photo.asks_satisfaction, photo.anonymous, photo.pledge) == (True, False, False)
    assert (media.triage, media.anonymous, media.pledge, media.weight) == ("always", True, True, 2.5)


def test_it_reads_a_role_with_its_platform_and_needs() -> None:
    _, roles = read_platforms(read(FILE, GOOD))

    assert (roles["photographer"].platform, roles["photographer"].needs) == ("citizen_photo", ())
    assert (roles["officer"].platform, roles["officer"].needs) == (None, ("unit",))


def test_it_lets_a_city_close_a_platform() -> None:
    platforms, _ = read_platforms(read(FILE, GOOD.replace("[anyone]", "[]")))

    assert not platforms["citizen_photo"].admits(ROLE_KEYS)


@pytest.mark.parametrize(
    ("given", "missing"),
    [({"words"}, ("photo", "place")), ({"place", "words"}, ("photo",)), ({"photo", "place"}, ())],
)
def test_it_says_what_a_report_still_lacks(given: set[str], missing: tuple[str, ...]) -> None:
    platforms, _ = read_platforms(read(FILE, GOOD))

    assert platforms["citizen_photo"].missing(given) == missing


def test_jinan_has_the_six_platforms_and_all_roles(jinan: Pack) -> None:
    assert tuple(jinan.platforms) == PLATFORM_KEYS
    assert tuple(jinan.roles) == ROLE_KEYS


@pytest.mark.parametrize(
    ("platform", "roles", "admitted"),
    [
        ("citizen_photo", (), True), ("citizen_photo", ("photographer",), True), ("citizen_patrol", (), False),
        ("citizen_patrol", ("officer", "patrol"), True), ("media_supervision", ("patrol",), False),
    ],
)  # fmt: skip
def test_jinan_admits_who_is_registered(jinan: Pack, platform: str, roles: tuple[str, ...], admitted: bool) -> None:
    assert jinan.platforms[platform].admits(roles) is admitted


def test_jinan_hides_assessors_and_asks_a_pledge_after_an_exposure(jinan: Pack) -> None:
    hidden = [platform.key for platform in jinan.platforms.values() if platform.anonymous]
    pledged = [platform.key for platform in jinan.platforms.values() if platform.pledge]

    assert (hidden, pledged) == (["field_assessment"], ["media_supervision"])


def test_a_pack_without_the_file_is_refused(tmp_path: Path) -> None:
    folder = copytree(JINAN, tmp_path / "town", ignore=ignore_patterns("platforms.yaml"))

    with pytest.raises(PackError, match="platforms\\.yaml"):
        load(folder)
