"""What stood on the phones (手机): every word people could read there, beside the rows it came from."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.week.town import Town
from bot.bundling import _RULE as RULE
from bot.headline import headline
from models.outbound import Delivery, OutboundMessage
from models.people import Way
from simulator.conversations import Line

_WAYS = {
    "card": Way.CARD,
    "work": Way.WORK,
    "custom": Way.CUSTOM,
    "template": Way.TEMPLATE,
    "bizsend": Way.SUBSCRIPTION,
    "subscribe": Way.ONCE,
}
_ONCE, _FIELD = 200, 20
_HEAD = "您有"
# Behind a word about a case stands where to read more; the row keeps it apart from its words.
_LINK = re.compile(r'\n<a href="[^"]*">[^<]*</a>\Z')


class Word(NamedTuple):
    """一句话: a row of ours, as far as it matters here."""

    id: int
    key: str
    person_id: int
    text: str
    short: dict[str, str]
    case_id: int | None
    deadline_id: int | None
    instead_of: int | None
    may_bundle: bool
    created_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    state: Delivery
    way: str
    attempts: int

    @property
    def stem(self) -> str:
        """Its cause, without the person."""
        return self.key.rpartition(":")[0]


class Sight(NamedTuple):
    """所见: one word as it can be told apart on a phone: whose, which way it came, and what of it could be read."""

    person_id: int
    way: Way
    read: str


@dataclass(frozen=True, slots=True)
class Shown:
    """手机上: when each sight was seen, and which rows would look like it.

    tried: rows that were not said as far as we know; WeChat may have shown one whose answer was lost.
    bundled: messages by how many words they held.
    """

    seen: dict[Sight, list[datetime]]
    rows: dict[Sight, list[Word]]
    tried: dict[Sight, list[Word]]
    bundled: Counter[int]


def words_of(session: Session) -> dict[int, Word]:
    """Every row that was ever written, by id."""
    columns = (getattr(OutboundMessage, name) for name in Word._fields)
    return {row[0]: Word(*row) for row in session.execute(select(*columns).order_by(OutboundMessage.id))}


def look(town: Town, words: dict[int, Word]) -> Shown:
    """Read every phone."""
    seen: dict[Sight, list[datetime]] = defaultdict(list)
    bundled: Counter[int] = Counter()
    for line in town.wechat.lines(0):
        if line.sender != "account" or line.type == "card_update":
            continue
        member = town.by_phone[line.account, line.openid]
        parts = list(_parts(line, words))
        bundled[len(parts)] += 1
        for part in parts:
            seen[Sight(member.number, _WAYS[line.way], part)].append(datetime.fromisoformat(line.at))
    return Shown(seen, _rows(words.values()), _tried(words.values()), bundled)


def _rows(words: Iterable[Word]) -> dict[Sight, list[Word]]:
    rows: dict[Sight, list[Word]] = defaultdict(list)
    for word in words:
        if word.state is Delivery.SENT:
            # A minute's grace after a tap or the window of a word: on the phone they look alike.
            way = Way.CUSTOM if word.way == Way.CUSTOM_BRIEF else Way(word.way)
            rows[Sight(word.person_id, way, _readable(word, way))].append(word)
    return rows


def _tried(words: Iterable[Word]) -> dict[Sight, list[Word]]:
    rows: dict[Sight, list[Word]] = defaultdict(list)
    for word in words:
        if word.attempts and word.state is not Delivery.SENT:
            for way in (Way.CARD, Way.WORK):
                rows[Sight(word.person_id, way, word.text)].append(word)
    return rows


def _parts(line: Line, words: dict[int, Word]) -> Iterator[str]:
    way = _WAYS[line.way]
    if way is Way.CARD:
        # Our task_id names the first row the card was sent for; its words were the same for everybody.
        yield words[int(line.extra["card"]["task_id"].rpartition("-")[2])].text
    elif way in (Way.TEMPLATE, Way.SUBSCRIPTION):
        fields = {field["key"]: field["value"] for field in line.extra["card"]["fields"]}
        yield f"{fields['thing1']} {fields['character_string2']}"
    elif way is Way.ONCE:
        yield line.extra["card"]["fields"][0]["value"]
    else:
        said = _LINK.sub("", line.text)
        text = said.partition("\n")[2] if said.startswith(_HEAD) and RULE in said else said
        yield from text.split(RULE)


def _readable(word: Word, way: Way) -> str:
    """What of a row can be read the way it went."""
    if way in (Way.TEMPLATE, Way.SUBSCRIPTION):
        title = headline(word.text)
        return f"{title[:_FIELD]} {word.short.get('number') or title}"
    return word.text[:_ONCE] if way is Way.ONCE else word.text
