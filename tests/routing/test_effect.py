"""What other rules would change about labelled reports."""

import re
from pathlib import Path

import pytest

from routing.effect import effect
from routing.pack import CATEGORIES, LEXICON, ROUTES, PackError, load, shipped
from routing.router import Router

JINAN = Path(__file__).parents[2] / "data" / "jinan"


def edited(file: str, old: str, new: str) -> Router:
    text = shipped(JINAN, file)
    assert old in text
    return Router(load(JINAN, {file: text.replace(old, new, 1)}))


def test_it_changes_nothing_where_only_a_remark_was_added(router: Router) -> None:
    found = effect(router, edited(ROUTES, "unit: cmd\n", "# a remark\nunit: cmd\n"))

    assert found.changes == ()
    assert found.before.unit_accuracy == found.after.unit_accuracy


def test_it_shows_first_what_gets_worse(router: Router) -> None:
    """Rubbish that is taken to the traffic police is wrong, whatever else gets better by it."""
    row = "name: 暴露垃圾, plain: 卫生脏乱, campaign: 城市环境面貌提升"
    found = effect(router, edited(CATEGORIES, row, f"{row}, department: dept-traffic, lead: department"))

    assert found.after.unit_accuracy < found.before.unit_accuracy
    assert found.changes[0].helps == -1
    assert found.changes[0].after.unit == "dept-traffic"
    assert [change.helps for change in found.changes] == sorted(change.helps for change in found.changes)


def test_it_judges_by_reports_whose_category_is_gone_as_well(router: Router) -> None:
    """A draft without a category must be compared, not refused for the reports that name it."""
    gone = "event:06037"  # 动物尸体
    texts = {
        CATEGORIES: re.sub(r'  - \{code: "06037".*\n', "", shipped(JINAN, CATEGORIES)),
        LEXICON: re.sub(rf"  {gone}:.*\n(    .*\n)+", "", shipped(JINAN, LEXICON)),
        ROUTES: shipped(JINAN, ROUTES).replace(f'"{gone}", ', ""),
    }

    found = effect(router, Router(load(JINAN, texts)))

    assert {change.after.category for change in found.changes if change.example.category == gone} - {gone}


def test_a_pack_says_what_it_was_made_of() -> None:
    changed = shipped(JINAN, ROUTES) + "# more\n"
    pack = load(JINAN, {ROUTES: changed})

    assert pack.texts[ROUTES] == changed
    assert pack.texts[CATEGORIES] == shipped(JINAN, CATEGORIES)
    assert pack.version != load(JINAN).version


def test_it_does_not_take_an_empty_text_for_the_file() -> None:
    with pytest.raises(PackError, match="must hold a mapping"):
        load(JINAN, {ROUTES: ""})
