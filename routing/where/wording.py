"""理由: what is known of a place and what speaks against it, in sentences for a dispatcher."""

from collections.abc import Iterator

from routing.where.claims import Claim
from routing.where.evidence import BY_BOXES, BY_PIN, BY_WORDS, Kind, Mention
from routing.where.scene import Scene

# How a name leads to its street: it is it, belongs to it, or lies in it.
LEADS = {Kind.STREET: "即", Kind.BARE_STREET: "即", Kind.COMMUNITY: "属", Kind.BARE_COMMUNITY: "属"}
LIES_IN = "在"
NARROWED = {BY_WORDS: "按文中其他地名", BY_PIN: "按定位所在区县", BY_BOXES: "按定位附近的街道"}
NAMES_AT_MOST = 6


def street(scene: Scene, claim: Claim) -> Iterator[str]:
    """Which street a name leads to, and how it was told from others of the name."""
    mention, code = claim.mention, claim.units[0]
    yield f"{_said(mention)}{_leads(mention)}{full_name(scene, code)}"
    if len(mention.units) > 1:
        yield f"“{mention.name}”有{len(mention.units)}个，{NARROWED[claim.narrowed]}取{scene.name(code)}"


def several(scene: Scene, claim: Claim) -> str:
    """That a name leads to several streets, or to a district only."""
    mention, units = claim.mention, claim.units
    if len(units) == 1 and units[0] in scene.territories.districts:
        return f"{_said(mention)}在{scene.name(units[0])}，街道不明"
    named = [unit for unit in units if unit not in scene.territories.districts]
    rest = [f"{scene.name(unit)}其他街道" for unit in units if unit not in named] if named else []
    names = [full_name(scene, unit) for unit in named or units][:NAMES_AT_MOST]
    more = "等" if len(named or units) > NAMES_AT_MOST else ""
    counted = "经过" if mention.kind is Kind.ROAD else f"有{len(units)}个："
    return f"{_said(mention)}{counted}{'、'.join([*names, *rest])}{more}，街道不明"


def elsewhere(scene: Scene, claim: Claim) -> str:
    """That a name is known in other districts only."""
    names = "、".join(full_name(scene, unit) for unit in claim.mention.units[:NAMES_AT_MOST])
    return f"“{claim.mention.word}”已知在{names}，与其他依据不符，未采用"


def other_street(scene: Scene, best: Claim, other: Claim) -> str:
    """That another name leads to another street."""
    name = scene.name(other.units[0])
    if other.mention.kind in (Kind.STREET, Kind.BARE_STREET):
        return f"文中还提到{name}"
    return f"“{other.mention.word}”{_verb(other.mention)}{name}，与{scene.name(best.units[0])}不符"


def district(scene: Scene, mention: Mention) -> str:
    """Which district was named."""
    leads = "应为" if mention.fit < 1 else "即"
    return f"“{mention.word}”{leads}{scene.name(mention.units[0])}，未提到街道"


def shortlist(scene: Scene, code: str) -> tuple[str, ...]:
    """Which streets of a district the pin may lie in, where any are known."""
    names = [scene.name(street) for street in nearby(scene, code)[:NAMES_AT_MOST]]
    return (f"定位可能在：{'、'.join(names)}",) if names else ()


def nearby(scene: Scene, code: str | None) -> tuple[str, ...]:
    """The streets whose boxes hold the pin and that may lie in a district, the narrowest first."""
    agree = scene.territories.agree
    return tuple(one for one in (scene.pin.shortlist if scene.pin else ()) if code and agree(one, code))


def full_name(scene: Scene, code: str) -> str:
    """A street's name with its district's; a district's name alone."""
    above = scene.pack.units[code].parent
    if above is None or code in scene.territories.districts:
        return scene.name(code)
    return f"{scene.name(code)}（{scene.name(above)}）"


def _said(mention: Mention) -> str:
    """The word as written, and the right one where that is not what it leads to."""
    if mention.fit == 1 or mention.kind in (Kind.STREET, Kind.BARE_STREET):
        return f"“{mention.word}”"
    return f"“{mention.word}”应为“{mention.name}”，"


def _leads(mention: Mention) -> str:
    return "应为" if mention.fit < 1 and _verb(mention) == "即" else _verb(mention)


def _verb(mention: Mention) -> str:
    return LEADS.get(mention.kind, LIES_IN)
