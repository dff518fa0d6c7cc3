"""合并: several words that wait for one person become one WeChat message, because windows count messages."""

from bot.delivery import TEXT_BYTES, Parcel
from models.outbound import OutboundMessage

_RULE = "\n————\n"


def bundle(person_id: int, rows: list[OutboundMessage], pictures: dict[int, str]) -> list[Parcel]:
    """The parcels for one person, in the order of the rows; what may be bundled goes with its neighbours.

    pictures: the hash of each photo that is ready, by its id.
    """
    groups: list[list[OutboundMessage]] = []
    for row in rows:
        if groups and _fits(groups[-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [_parcel(person_id, group, pictures) for group in groups]


def _fits(group: list[OutboundMessage], row: OutboundMessage) -> bool:
    if not all(r.may_bundle and not r.photo_id for r in (*group, row)):
        return False
    return len(_joined([*group, row]).encode()) <= TEXT_BYTES


def _joined(group: list[OutboundMessage]) -> str:
    head = f"您有{len(group)}条通知：\n" if len(group) > 1 else ""
    return head + _RULE.join(row.text for row in group)


def _parcel(person_id: int, group: list[OutboundMessage], pictures: dict[int, str]) -> Parcel:
    first = group[0]
    sha = pictures[first.photo_id] if first.photo_id else ""
    parts = tuple(_parcel(person_id, [row], pictures) for row in group) if len(group) > 1 else ()
    return Parcel(tuple(row.id for row in group), person_id, _joined(group), first.short, sha, parts)
