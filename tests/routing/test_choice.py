"""Whose it is: what a rule's target becomes at a place, who assists, and how the hour changes it."""

from dataclasses import replace
from datetime import datetime

import pytest

from routing.choice import ANYWHERE, TO_COMMAND, TO_DISTRICT, Choice, choose
from routing.finding import Finding
from routing.pack import Pack
from routing.router import Router
from routing.where.spot import Site, Spot
from routing.whose.conditions import Condition, Facts
from routing.whose.rules import Rule

RUBBISH, STALLS, LIGHT = "event:06010", "event:09006", "part:01037"
BIKES, CARS, NOISE, BURST_PIPE = "event:09011", "event:09009", "event:06028", "event:10090"
LIXIA, DIANLIU = "370102", "370102009"
PARK, METRO = Site("square-park", "泉城公园", "dept-garden"), Site("metro", "历山路地铁站", "firm-metro")


def spot(street: str | None = DIANLIU, district: str | None = LIXIA, sites: tuple[Site, ...] = ()) -> Spot:
    """A place known for certain as far as it is known."""
    return Spot(street, district, frozenset({district} if district else ()), 1.0, (), sites=sites)


def rule(unit: str, *co_units: str, sure: float = 1.0, site: str = "") -> Rule:
    """A rule that takes everything, or everything at a kind of site."""
    return Rule(Condition(site=frozenset({site}) if site else None), unit, co_units, sure, "test:1", ())


def ask(pack: Pack, only: Rule, category: str | None, where: Spot) -> Choice:
    """The answer of a tree with one rule below the root."""
    root = Rule(None, pack.rules.unit, (), 0.5, "test:0", (only,))
    facts = Facts(category, where.territories, where.street, sites={site.kind: site.owner for site in where.sites})
    # Only the rules are another pack's: units and categories stay Jinan's.
    return choose(replace(pack, rules=root), category, where, facts)


@pytest.mark.parametrize(
    ("target", "category", "unit"),
    [
        ("@street", RUBBISH, DIANLIU),
        ("@district", RUBBISH, LIXIA),
        ("@department", RUBBISH, "dept-urban"),
        ("@lead", RUBBISH, DIANLIU),
        ("@lead", LIGHT, "dept-urban"),
        ("firm-power", RUBBISH, "firm-power"),
        ("@department", None, "cmd"),
        ("@lead", None, "cmd"),
    ],
)
def test_it_turns_a_target_into_a_unit(jinan: Pack, target: str, category: str | None, unit: str) -> None:
    choice = ask(jinan, rule(target), category, spot())

    assert (choice.unit, choice.rule.place) == (unit, "test:1")


@pytest.mark.parametrize(
    ("target", "where", "unit", "worth"),
    [
        ("@street", spot(), DIANLIU, 1.0),
        ("@street", spot(street=None), LIXIA, TO_DISTRICT),
        ("@street", spot(None, None), "cmd", TO_COMMAND),
        ("@lead", spot(street=None), LIXIA, TO_DISTRICT),
        ("@district", spot(street=None), LIXIA, 1.0),
        ("@district", spot(None, None), "cmd", TO_COMMAND),
        ("@owner", spot(street=None), LIXIA, TO_DISTRICT),
        ("@owner", spot(None, None), "cmd", TO_COMMAND),
    ],
)
def test_it_falls_to_the_level_above_and_is_less_sure(
    jinan: Pack, target: str, where: Spot, unit: str, worth: float
) -> None:
    choice = ask(jinan, rule(target), RUBBISH, where)

    assert choice.unit == unit
    assert choice.worth == pytest.approx(worth)
    assert (choice.falls > 0) == (worth < 1)


@pytest.mark.parametrize(
    ("site", "sites", "unit", "owner"),
    [
        ("", (PARK,), "dept-garden", "泉城公园"),
        ("square-park", (METRO, PARK), "dept-garden", "泉城公园"),
        ("", (METRO, PARK), "firm-metro", "历山路地铁站"),
        ("square-park", (Site("square-park", ""),), DIANLIU, ""),
        ("square-park", (Site("square-park", ""), PARK), "dept-garden", "泉城公园"),
        ("", (), DIANLIU, ""),
    ],
    ids=[
        "the only site",
        "the kind asked for",
        "the first of any kind",
        "a park nobody named",
        "the named one",
        "none",
    ],
)
def test_it_gives_a_site_s_matters_to_whoever_runs_it(
    jinan: Pack, site: str, sites: tuple[Site, ...], unit: str, owner: str
) -> None:
    choice = ask(jinan, rule("@owner", site=site), RUBBISH, spot(sites=sites))

    assert (choice.unit, choice.owner) == (unit, owner)


@pytest.mark.parametrize(
    ("unit", "co_units", "where", "expected"),
    [
        ("@street", ("dept-urban", "@district"), spot(), ("dept-urban", LIXIA)),
        ("@street", ("@lead", "dept-urban"), spot(), ("dept-urban",)),
        ("@department", ("dept-urban", "@street"), spot(), (DIANLIU,)),
        ("@district", ("@street",), spot(street=None), ()),
        ("firm-power", ("@street",), spot(None, None), ()),
        ("firm-power", ("@street", "@district"), spot(street=None), (LIXIA,)),
        ("@street", ("@owner",), spot(sites=(METRO,)), ("firm-metro",)),
    ],
    ids=["named and local", "itself by another name", "its own department", "fallen onto itself", "nobody known",
         "twice the same", "the site's owner"],
)  # fmt: skip
def test_it_names_who_assists_once_and_never_itself(
    jinan: Pack, unit: str, co_units: tuple[str, ...], where: Spot, expected: tuple[str, ...]
) -> None:
    assert ask(jinan, rule(unit, *co_units), RUBBISH, where).co_units == expected


def test_it_doubts_a_doubtful_place_less_for_a_department(jinan: Pack) -> None:
    doubtful = Spot(DIANLIU, LIXIA, frozenset({LIXIA}), 0.4, ())

    street, department = (ask(jinan, rule(target), RUBBISH, doubtful) for target in ("@street", "@department"))

    assert [street.worth, department.worth] == pytest.approx([0.4, ANYWHERE])


def test_it_is_no_surer_than_the_rule_s_author(jinan: Pack) -> None:
    assert ask(jinan, rule("@street", sure=0.7), RUBBISH, spot()).worth == pytest.approx(0.7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


DAY, NIGHT = at("2026-09-16 14:00"), at("2026-09-16 23:30")


@pytest.mark.parametrize(
    ("category", "where", "when", "unit", "co_units"),
    [
        (RUBBISH, "泉城公园园内", DAY, "dept-garden", {LIXIA}),
        (RUBBISH, "泉城公园门口", DAY, LIXIA, {"dept-urban"}),
        (RUBBISH, "七里堡地铁站站厅里", DAY, "firm-metro", {"dept-urban"}),
        (RUBBISH, "七里堡地铁站外面", DAY, "370112", {"dept-urban"}),
        (BIKES, "甸柳新村街道地铁口", DAY, "dept-urban", {DIANLIU, "firm-metro"}),
        (BIKES, "甸柳新村街道", DAY, "dept-urban", {DIANLIU, "dept-transport"}),
        (CARS, "甸柳新村街道学校门口", at("2026-09-16 07:30"), "dept-traffic", {LIXIA, "dept-education"}),
        (CARS, "甸柳新村街道学校门口", at("2026-09-16 09:30"), "dept-traffic", {LIXIA}),
        (NOISE, "甸柳新村街道楼下", NIGHT, "dept-police", {DIANLIU}),
        (BURST_PIPE, "甸柳新村街道", at("2026-12-16 20:00"), "firm-heat", {"dept-housing", LIXIA}),
        (BURST_PIPE, "甸柳新村街道", at("2026-09-16 20:00"), "firm-heat", {"dept-housing"}),
    ],
    ids=["in a park", "before a park", "in a station", "outside a station", "bikes at the metro", "bikes elsewhere",
         "school begins", "school is in", "noise at night", "heating season", "before the heating season"],
)  # fmt: skip
def test_it_knows_jinan_s_own_ways(
    router: Router, category: str, where: str, when: datetime, unit: str, co_units: set[str]
) -> None:
    decision = router.decide(Finding(text=where, category=category, at=when))

    assert (decision.unit, set(decision.co_units)) == (unit, co_units), decision.words()


def test_it_is_surer_of_noise_when_nobody_but_the_police_is_on_duty(router: Router) -> None:
    day, night = (router.decide(Finding(text="甸柳新村街道楼下", category=NOISE, at=when)) for when in (DAY, NIGHT))

    assert night.unit == day.unit == "dept-police"
    assert night.raw > day.raw


def test_it_asks_no_hour_of_a_report_without_one(router: Router) -> None:
    night, timeless = (
        router.decide(Finding(text="甸柳新村街道楼下", category=NOISE, at=when)) for when in (NIGHT, None)
    )

    assert night.rule != timeless.rule
