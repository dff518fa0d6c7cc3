"""选项: a word of a roster understood as one of the things the data pack knows, or refused with the nearest."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from handlers.membership.cells import Unreadable, quoted
from handlers.membership.wording import TEXTS
from routing.pack import Pack
from routing.units import Tier, Unit

SUGGESTED_AT_MOST = 3
# Below this two words only share a common ending (…街道).
LIKENESS = 0.5
# Looking for likenesses takes a while; in a file that is wrong in every row nobody reads them all.
SUGGESTIONS_AT_MOST = 200


class Form(NamedTuple):
    """One way of writing a thing: the form, the thing's key and its name; lower ranks win."""

    text: str
    key: str
    name: str
    rank: int = 0


class Choices:
    """选项表: what one column may say."""

    def __init__(self, column: str, forms: Iterable[Form], **known: str) -> None:
        """`column` is a group of texts under `choice`; `known` fills in its advice, given where nothing is near."""
        self._column, self._advice = column, TEXTS(f"choice.{column}.advice", **known)
        self._forms: dict[str, list[Form]] = {}
        for form in forms:
            self._forms.setdefault(_plain(form.text), []).append(form)
        self._near: dict[str, str] = {}

    def key(self, text: str) -> str:
        """The key of the thing a text names; raises Unreadable for none and for several."""
        forms = self._forms.get(_plain(text), [])
        best = {form.key: form for form in forms if form.rank == min(form.rank for form in forms)}
        if len(best) > 1:
            names = "、".join(form.name for form in best.values())
            raise Unreadable(TEXTS("choice.several", cell=quoted(text), names=names))
        if not best:
            hint = self._hint(_plain(text))
            raise Unreadable(TEXTS(f"choice.{self._column}.unknown", cell=quoted(text), hint=hint))
        return next(iter(best))

    def _hint(self, plain: str) -> str:
        if plain not in self._near:
            near = self._nearest(plain) if len(self._near) < SUGGESTIONS_AT_MOST else []
            self._near[plain] = TEXTS("choice.nearest", names="、".join(near)) if near else self._advice
        return self._near[plain]

    def _nearest(self, plain: str) -> list[str]:
        # Several forms of one thing may be near, so more are asked for than shown.
        near = get_close_matches(plain, self._forms, n=3 * SUGGESTED_AT_MOST, cutoff=LIKENESS)
        names = dict.fromkeys(self._forms[form][0].name for form in near)
        return list(names)[:SUGGESTED_AT_MOST]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace(" ", "")


def role_choices(pack: Pack) -> Choices:
    """角色, by name, alias or key."""
    forms = [
        Form(text, role.key, role.name)
        for role in pack.roles.values()
        for text in (role.name, role.key, *role.aliases)
    ]
    names = "、".join(role.name for role in pack.roles.values())
    return Choices("role", forms, names=names)


def unit_choices(pack: Pack) -> Choices:
    """单位, by code, full name, or any other name that only one unit has."""
    streets = [Form(text, unit.code, unit.name, 3) for text, (unit, full) in pack.streets.forms.items() if full]
    forms = [form for unit in pack.units.values() for form in _unit_forms(unit, pack)]
    return Choices("unit", [*forms, *streets])


def _unit_forms(unit: Unit, pack: Pack) -> Iterable[Form]:
    yield Form(unit.code, unit.code, unit.name, 0)
    yield Form(unit.name, unit.code, unit.name, 1)
    yield from (Form(text, unit.code, unit.name, 2) for text in (unit.short, *unit.aliases))
    # People write the district before the street, 济南市 before either, and the office behind.
    above = pack.units.get(unit.parent or "")
    if above and unit.tier is Tier.STREET:
        texts = (f"{above.name}{unit.name}", f"{above.short}{unit.name}", f"{unit.name}办事处")
        yield from (Form(text, unit.code, unit.name, 2) for text in texts)
    yield Form(f"济南市{unit.name.removeprefix('市')}", unit.code, unit.name, 2)


def post_choices(pack: Pack) -> Choices:
    """岗位, by key or any way of writing it; its name is what is kept."""
    forms = [Form(text, post.name, post.name) for text, post in pack.points.post_names.forms.items()]
    keys = [Form(post.key, post.name, post.name) for post in pack.points.posts.values()]
    return Choices("post", [*forms, *keys])


def outlet_choices(pack: Pack) -> Choices:
    """媒体, by key or name; its name is what is kept."""
    forms = [
        Form(text, outlet.name, outlet.name)
        for outlet in pack.points.outlets.values()
        for text in (outlet.key, outlet.name, *outlet.aliases)
    ]
    return Choices("outlet", forms)
