"""Edited rules: drafts of anything, in use only what loads, over nothing that somebody else changed, and back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.installation import ROOT
from handlers import editions
from handlers.editions import SHIPPED, NoSuchEdition, NotEditable, Overtaken, Written, digest
from models.edition import Edition, EditionState
from models.journal import JournalEntry, verify
from models.people import Person
from routing.pack import CATEGORIES, EDITABLE, LEXICON, ROUTES, UNITS, PackError, shipped
from tests.stage import MORNING, Stage

FOLDER = ROOT / "data" / "jinan"
# What a city would do: another name, and another department.
RUBBISH, RENAMED = "name: 暴露垃圾,", "name: 露天垃圾,"


def text(file: str = CATEGORIES, old: str = RUBBISH, new: str = RENAMED) -> str:
    whole = shipped(FOLDER, file)
    assert old in whole
    return whole.replace(old, new, 1)


def base(stage: Stage, file: str = CATEGORIES) -> str:
    return digest(said(stage, file))


def said(stage: Stage, file: str = CATEGORIES) -> str:
    with stage.installation.database.glance() as session:
        return editions.text_in_use(session, FOLDER, file)


def person(stage: Stage, name: str = "admin") -> int:
    with stage.installation.database.story() as session:
        someone = Person(name=name, created_at=stage.now)
        session.add(someone)
        session.flush()
        return someone.id


def keep(stage: Stage, file: str = CATEGORIES, words: str = "", began: str = "", by: int | None = None) -> int:
    written = Written(file, words or text(), "why", began or base(stage, file))
    with stage.installation.database.story() as session:
        return editions.keep(session, written, by, stage.now).id


def use(stage: Stage, number: int, file: str = CATEGORIES, note: str = "", by: int | None = None) -> None:
    with stage.installation.database.glance() as session:
        plan = editions.plan(session, FOLDER, file, number)
    with stage.installation.database.story() as session:
        editions.use(session, plan, FOLDER, note, by, stage.now)


def states(stage: Stage) -> list[EditionState]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(Edition.state).order_by(Edition.id)))


def journal(stage: Stage) -> list[tuple[str, str, int | None]]:
    with stage.installation.database.glance() as session:
        assert not verify(session).broken
        rows = session.scalars(select(JournalEntry).order_by(JournalEntry.id))
        return [(row.act, row.subject, row.person_id) for row in rows]


def test_it_goes_by_the_file_until_an_edition_is_in_use(stage: Stage) -> None:
    number = keep(stage)
    drafted = said(stage)

    use(stage, number)

    assert drafted == shipped(FOLDER, CATEGORIES)
    assert said(stage) == text()
    assert states(stage) == [EditionState.USED]


def test_it_writes_down_who_did_what(stage: Stage) -> None:
    by = person(stage)
    number = keep(stage, by=by)
    use(stage, number, note="because", by=by)
    use(stage, SHIPPED)

    subject = f"pack:{CATEGORIES}"
    assert journal(stage) == [("pack.draft", subject, by), ("pack.use", subject, by), ("pack.use", subject, None)]
    with stage.installation.database.glance() as session:
        latest, first = editions.uses(session, CATEGORIES)
        edition = session.get_one(Edition, number)
    assert (first.words, first.data) == ("because", {"edition": number, "before": SHIPPED})
    assert (latest.words, latest.data) == ("", {"edition": SHIPPED, "before": number})
    assert (edition.used_by, edition.used_from, edition.note) == (by, stage.now, "because")


BROKEN = [
    (CATEGORIES, RUBBISH, "name: 暴露垃圾, lead: nobody,", "unknown lead 'nobody'"),
    (CATEGORIES, 'code: "06010"', 'code: "06010', "not YAML"),
    (CATEGORIES, 'code: "06010"', 'code: "06011"', "stands here twice"),
    (ROUTES, 'unit: "@lead"', 'unit: "@leed"', "unknown unit '@leed'"),
    (LEXICON, "\n", "\nno such thing: 1\n", ""),
]


@pytest.mark.parametrize(("file", "old", "new", "reason"), BROKEN)
def test_it_says_file_and_line_of_what_does_not_load(
    stage: Stage, file: str, old: str, new: str, reason: str
) -> None:
    wrong = text(file, old, new)
    number = keep(stage, file, wrong)

    with stage.installation.database.glance() as session, pytest.raises(PackError) as caught:
        editions.checked(session, FOLDER, file, wrong)
    with pytest.raises(PackError):
        use(stage, number, file)

    assert caught.value.file == f"data/jinan/{file}"
    assert caught.value.line > 0
    assert reason in caught.value.reason
    assert states(stage) == [EditionState.DRAFT]


def test_it_finds_in_another_file_what_a_change_breaks(stage: Stage) -> None:
    without = text(old='  - {code: "06001", name: 私搭乱建, campaign: 社区文明创建提升}\n', new="")

    with stage.installation.database.glance() as session, pytest.raises(PackError) as caught:
        editions.checked(session, FOLDER, CATEGORIES, without)

    assert caught.value.file != f"data/jinan/{CATEGORIES}"
    assert "event:06001" in caught.value.reason


@pytest.mark.parametrize("deep", ["a: " + "[" * 100_000, "a:\n  " + "- " * 100_000 + "x", "a: " + "{b: " * 3000])
def test_it_refuses_endless_brackets_and_goes_on_living(stage: Stage, deep: str) -> None:
    with stage.installation.database.glance() as session, pytest.raises(PackError, match="nested more than"):
        editions.checked(session, FOLDER, ROUTES, deep)


def test_it_tells_whoever_comes_second_who_was_first(stage: Stage) -> None:
    first, second = keep(stage), keep(stage, words=text(new="name: 垃圾,"))
    use(stage, first)

    with pytest.raises(Overtaken) as caught:
        use(stage, second)

    assert (caught.value.number, caught.value.at) == (first, stage.now)
    assert states(stage) == [EditionState.USED, EditionState.DRAFT]
    assert [act for act, _, _ in journal(stage)].count("pack.use") == 1


def test_it_takes_a_draft_whose_author_has_looked_at_what_came_between(stage: Stage) -> None:
    first, second = keep(stage), keep(stage, words=text(new="name: 垃圾,"))
    use(stage, first)

    again = Written(CATEGORIES, text(new="name: 垃圾,"), "why", base(stage))
    with stage.installation.database.story() as session:
        editions.change(session, second, again, digest(again.text), None, stage.now)
    use(stage, second)

    assert states(stage) == [EditionState.PAST, EditionState.USED]


def test_it_notices_what_was_put_in_use_while_it_was_checking(stage: Stage) -> None:
    number, other = keep(stage), keep(stage, ROUTES, shipped(FOLDER, ROUTES) + "# more\n")
    with stage.installation.database.glance() as session:
        plan = editions.plan(session, FOLDER, CATEGORIES, number)
    use(stage, other, ROUTES)

    with stage.installation.database.story() as session, pytest.raises(Overtaken):
        editions.use(session, plan, FOLDER, "", None, stage.now)

    use(stage, number)
    assert states(stage) == [EditionState.USED, EditionState.USED]


def test_it_lets_two_editors_of_one_draft_hear_of_each_other(stage: Stage) -> None:
    number = keep(stage)
    seen = digest(text())
    mine, theirs = (Written(CATEGORIES, text(new=f"name: {name},")) for name in ("我的", "你的"))

    with stage.installation.database.story() as session:
        editions.change(session, number, mine, seen, None, stage.now)
    with stage.installation.database.story() as session, pytest.raises(Overtaken):
        editions.change(session, number, theirs, seen, None, stage.now)

    with stage.installation.database.glance() as session:
        assert session.get_one(Edition, number).text == mine.text


def test_it_goes_back_and_forth(stage: Stage) -> None:
    first = keep(stage)
    use(stage, first)
    second = keep(stage, words=text(new="name: 垃圾,"))
    use(stage, second)
    now_in_use = []

    for _ in range(2):
        with stage.installation.database.glance() as session:
            number = editions.before(session, CATEGORIES)
        use(stage, number)
        now_in_use.append(number)
    use(stage, SHIPPED)

    assert now_in_use == [first, second]
    assert said(stage) == shipped(FOLDER, CATEGORIES)
    assert states(stage) == [EditionState.PAST, EditionState.PAST]


def test_it_has_nothing_to_go_back_to_at_first(stage: Stage) -> None:
    with stage.installation.database.glance() as session, pytest.raises(NoSuchEdition):
        editions.before(session, CATEGORIES)


def test_it_goes_back_to_the_file_even_where_the_rest_is_broken(stage: Stage) -> None:
    """After an update of the program two editions may no longer load; one is given up after the other."""
    spoil(stage, CATEGORIES, "events: 1\n")
    spoil(stage, ROUTES, "routes: 1\n")

    use(stage, SHIPPED, CATEGORIES)
    half = trouble(stage)
    use(stage, SHIPPED, ROUTES)

    assert f"data/jinan/{ROUTES}" in half
    assert trouble(stage) == ""


def spoil(stage: Stage, file: str, words: str) -> None:
    with stage.installation.database.story() as session:
        row = Edition(file=file, text=words, made_at=stage.now, changed_at=stage.now, state=EditionState.USED)
        session.add(row)


def trouble(stage: Stage) -> str:
    with stage.installation.database.glance() as session:
        return editions.trouble(session, FOLDER)


def test_it_refuses_to_go_back_to_a_file_that_no_longer_fits(stage: Stage) -> None:
    added = '  - {code: "06099", name: 自定, campaign: 社区文明创建提升}\nparts:'
    use(stage, keep(stage, words=text(old="parts:", new=added)))
    rule = '      - when: {category: ["event:06099"]}\n        co: [dept-urban]\n      # --- 道路交通 ---'
    use(stage, keep(stage, ROUTES, text(ROUTES, "      # --- 道路交通 ---", rule)), ROUTES)

    with pytest.raises(PackError, match="event:06099"):
        use(stage, SHIPPED)
    assert states(stage) == [EditionState.USED, EditionState.USED]


def test_it_keeps_what_was_in_use_from_being_changed(stage: Stage) -> None:
    number = keep(stage)
    use(stage, number)

    for act in acts(number):
        with stage.installation.database.story() as session, pytest.raises(NoSuchEdition):
            act(session)


def acts(number: int) -> list[Callable[[Session], object]]:
    written = Written(CATEGORIES, "x: 1\n")
    return [
        lambda session: editions.change(session, number, written, digest(text()), None, MORNING),
        lambda session: editions.drop(session, number, None, MORNING),
    ]


def test_it_forgets_a_dropped_draft(stage: Stage) -> None:
    number = keep(stage)
    with stage.installation.database.story() as session:
        editions.drop(session, number, None, stage.now + timedelta(minutes=1))

    with pytest.raises(NoSuchEdition):
        use(stage, number)
    assert states(stage) == [EditionState.DROPPED]


@pytest.mark.parametrize("file", [UNITS, "../config.yaml", ""])
def test_it_edits_nothing_else(stage: Stage, file: str) -> None:
    with stage.installation.database.story() as session, pytest.raises(NotEditable):
        editions.keep(session, Written(file, "a: 1\n"), None, stage.now)
    with stage.installation.database.glance() as session, pytest.raises(NotEditable):
        editions.text_in_use(session, FOLDER, file)


def test_it_takes_no_endless_text(stage: Stage) -> None:
    with stage.installation.database.story() as session, pytest.raises(NotEditable):
        editions.keep(session, Written(ROUTES, "#" * (editions.TEXT_AT_MOST + 1)), None, stage.now)


def test_it_reads_a_browser_s_text_like_a_file() -> None:
    assert editions.plain("a: 1\r\nb: 2\r\n\r\n") == "a: 1\nb: 2\n"
    assert editions.plain("a\0b\rc") == "ab\nc\n"


@pytest.mark.parametrize("file", EDITABLE)
def test_it_loads_every_file_as_its_own_edition(stage: Stage, file: str) -> None:
    """What a browser gives back unchanged is the file itself."""
    whole = shipped(FOLDER, file)

    assert editions.plain(whole.replace("\n", "\r\n")) == whole
