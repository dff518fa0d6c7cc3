"""抽样框: everything a round could be drawn from: the points of the data pack, and the closed cases of a period."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import exists, select

from handlers.desk import Desk
from handlers.field.wording import TEXTS
from models.case import Case
from models.score import FieldRound, FieldVisit
from models.workflow import Status
from routing.pack import Pack

POINT, CASE, IMPORTED = "point", "case", "imported"
CROSSING, COMMUNITY, OTHER = "crossing", "community", "other"
_KEY_AT_MOST = 64


class By(StrEnum):
    """分层依据."""

    KIND = "kind"  # 点位类型
    DISTRICT = "district"  # 区县
    TIER = "tier"  # 责任单位层级
    CATEGORY = "category"  # 案件类别


OF_POINTS, OF_CASES = (By.KIND, By.DISTRICT, By.TIER), (By.DISTRICT, By.CATEGORY)


@dataclass(frozen=True, slots=True)
class Candidate:
    """可抽: a place that answers for itself. traits: what it can be stratified by.  case_id: of a closed case."""

    key: str
    place: str
    unit: str
    traits: Mapping[By, str]
    case_id: int | None = None
    category: str = ""

    def stratum(self, by: Iterable[By]) -> str:
        """层名, as "point/crossing/370102"."""
        origin = POINT if self.case_id is None else CASE
        return "/".join([origin, *(self.traits[one] or "-" for one in by)])[:_KEY_AT_MOST]


class Days(NamedTuple):
    """起止日: both included."""

    first: date
    last: date


def points(pack: Pack) -> list[Candidate]:
    """点位: the posts of points.yaml, the landmarks and the communities, each once."""
    found: dict[str, Candidate] = {}
    for key, kind, place, unit in (*_posts(pack), *_landmarks(pack), *_communities(pack)):
        known = pack.units[unit]
        traits = {By.KIND: kind, By.DISTRICT: known.district or "", By.TIER: known.tier.value}
        # A square that is a post as well is one place.
        found.setdefault(f"{place}@{unit}", Candidate(key[:_KEY_AT_MOST], place, unit, traits))
    return list(found.values())


def _posts(pack: Pack) -> Iterator[tuple[str, str, str, str]]:
    for post in pack.points.posts.values():
        said = pack.points.site_type_names.find(post.name)
        kind = CROSSING if post.roads else said.key if said else OTHER
        yield f"p:{post.key}", kind, post.name, post.unit


def _landmarks(pack: Pack) -> Iterator[tuple[str, str, str, str]]:
    for mark in {mark.name: mark for mark in pack.atlas.landmarks.forms.values()}.values():
        yield f"l:{mark.name}", mark.kind, mark.name, mark.unit


def _communities(pack: Pack) -> Iterator[tuple[str, str, str, str]]:
    """社区; 村 are left out, because assessments go where the city is."""
    suffix = TEXTS("community")
    for name, homes in pack.atlas.communities.homes.items():
        for home in homes:
            if home.kind == suffix:
                yield f"c:{home.street}:{name}", COMMUNITY, f"{name}{home.kind}", home.street


def closed_cases(desk: Desk, days: Days) -> list[Candidate]:
    """已办结案件 of a period that say where they are, without those an open round is about to look at already."""
    begins, ends = _moment(desk, days.first), _moment(desk, days.last + timedelta(days=1))
    waiting = exists().where(
        FieldVisit.case_id == Case.id,
        FieldVisit.result.is_(None),
        FieldVisit.round_id == FieldRound.id,
        FieldRound.closed_at.is_(None),
    )
    query = select(Case).where(
        Case.status == Status.CLOSED,
        Case.closed_at >= begins,
        Case.closed_at < ends,
        Case.place != "",
        Case.unit_code != "",
        ~waiting,
    )
    return [_case(case) for case in desk.session.scalars(query.order_by(Case.id))]


def _case(case: Case) -> Candidate:
    traits = {By.DISTRICT: case.district, By.CATEGORY: case.category}
    return Candidate(f"a:{case.id}", case.place, case.unit_code, traits, case.id, case.category)


def _moment(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, time(), desk.zone)


def stratum_name(pack: Pack, key: str) -> str:
    """层名 in words: 点位 · 路口 · 历下区."""
    origin, *parts = key.split("/")
    if origin not in (POINT, CASE):
        return TEXTS("stratum.imported")
    return " · ".join([TEXTS(f"stratum.{origin}"), *(_part_name(pack, part) for part in parts)])


def _part_name(pack: Pack, part: str) -> str:
    known = pack.units.get(part) or pack.points.site_types.get(part) or pack.categories.get(part)
    if known is not None:
        return known.name
    return TEXTS(f"part.{part}") if f"part.{part}" in TEXTS.names else TEXTS("part.other")
