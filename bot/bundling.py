"""合并: several words that wait for one person become one WeChat message, because windows count messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.parcel import TEXT_BYTES, Errand, Parcel
from models.outbound import OutboundMessage

_RULE = "\n————\n"
# So many cards can still be told apart on a phone; more come as one text.
MAX_CARDS = 8


@dataclass(frozen=True, slots=True)
class Contents:
    """内容 of a person's rows: the hash of each photo that is ready, by its id; what can be done, by the row's id.

    drawings: what is drawn instead of the bare photo, by the row's id.
    """

    pictures: Mapping[int, str] = field(default_factory=dict)
    errands: Mapping[int, Errand] = field(default_factory=dict)
    drawings: Mapping[int, str] = field(default_factory=dict)


def bundle(person_id: int, rows: list[OutboundMessage], contents: Contents) -> list[Parcel]:
    """The parcels for one person, in the order of the rows; what may be bundled goes with its neighbours.

    What can be done by pressing a button stays single, as long as that are not too many.
    """
    single = {row.id for row in rows if row.id in contents.errands}
    if len(single) > MAX_CARDS:
        single = set()
    groups: list[list[OutboundMessage]] = []
    for row in rows:
        if groups and not single & {row.id, groups[-1][0].id} and _fits(groups[-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [_parcel(person_id, group, contents) for group in groups]


def _fits(group: list[OutboundMessage], row: OutboundMessage) -> bool:
    if not all(r.may_bundle and not r.is_picture for r in (*group, row)):
        return False
    # What may have gone through goes again as it was: only then does WeCom know it and drop it.
    if row.attempts != group[0].attempts:
        return False
    return len(_joined([*group, row]).encode()) <= TEXT_BYTES


def _joined(group: list[OutboundMessage]) -> str:
    head = f"您有{len(group)}条通知：\n" if len(group) > 1 else ""
    return head + _RULE.join(row.text for row in group)


def _parcel(person_id: int, group: list[OutboundMessage], contents: Contents) -> Parcel:
    first = group[0]
    return Parcel(
        row_ids=tuple(row.id for row in group),
        person_id=person_id,
        text=_joined(group),
        short=first.short,
        photo_sha=contents.pictures.get(first.photo_id or 0, ""),
        drawing=contents.drawings.get(first.id, ""),
        parts=tuple(_parcel(person_id, [row], contents) for row in group) if len(group) > 1 else (),
        chat=first.chat,
        errand=contents.errands.get(first.id) if len(group) == 1 else None,
        again=any(row.attempts > 1 for row in group),
        # The page of the first of several words would be taken for that of all.
        page=first.short.get("page", "") if len(group) == 1 and not first.is_picture else "",
    )
