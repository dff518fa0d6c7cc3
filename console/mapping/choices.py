"""选项: what the map's filters offer."""

from collections import defaultdict
from dataclasses import dataclass

from console.visitor import Visitor
from handlers.desk import Desk
from models.workflow import Status
from routing.pack import Pack
from routing.units import Tier, Unit

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """选项: values with their names, in groups where there are many."""

    platforms: list[Option]
    districts: list[Option]
    streets: dict[str, list[Option]]
    units: list[Option]
    categories: dict[str, list[Option]]
    statuses: list[Option]


def choices(desk: Desk, who: Visitor) -> Choices:
    """选项; of units only those the visitor may see."""
    pack = desk.router.pack
    units = list(pack.units.values())
    return Choices(
        platforms=[(key, platform.name) for key, platform in pack.platforms.items()],
        districts=[(one.code, one.short) for one in units if one.tier is Tier.DISTRICT],
        streets=_streets(pack, units),
        units=[(one.code, one.short) for one in units if one.tier is not Tier.COMMAND and who.sees_unit(one.code)],
        categories=_categories(pack),
        statuses=[(status, desk.texts(f"status.{status}")) for status in Status],
    )


def _streets(pack: Pack, units: list[Unit]) -> dict[str, list[Option]]:
    """街道 by the district whose polygon they lie in."""
    found: dict[str, list[Option]] = defaultdict(list)
    for one in units:
        if one.tier is Tier.STREET and one.district:
            found[pack.units[one.district].short].append((one.code, one.short))
    return dict(found)


def _categories(pack: Pack) -> dict[str, list[Option]]:
    """小类 by the 攻坚行动 they belong to, which is how the city speaks of them."""
    found: dict[str, list[Option]] = defaultdict(list)
    for key, one in pack.categories.items():
        found[one.campaign].append((key, one.name))
    return dict(found)
