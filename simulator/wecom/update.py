"""Card updates (更新卡片): a card on people's phones changes, by the API or by the answer to a press."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from simulator.api.call import Answer, Call
from simulator.errors import Refused
from simulator.wecom.card_rules import Card, read_card, words_of
from simulator.wecom.cards import UPDATE, Shown
from simulator.wecom.directory import check_agent
from simulator.world import World

_MOST_PEOPLE = 1_000


def update_card(call: Call) -> Answer:
    """更新模板卡片: by a response_code that works once; userids without that card come back in invaliduser."""
    check_agent(call, call.body.get("agentid"))
    named = _named(call)
    code = str(call.body.get("response_code", ""))
    corp, task_id = call.world.office.card_codes.look(code, call.now)
    # A code of another app is as good as none.
    if corp != call.corp.key:
        raise Refused(42022)
    change = _change(call.body, task_id)
    # Spent only when everything else was right, so that a mistake in the body can be mended with the same code.
    call.world.office.card_codes.spend(code, call.now)
    shown = call.world.office.cards.of(corp, task_id)
    holders = {one.key[1].lower() for one in shown}
    chosen = holders if call.body.get("atall") else set(named)
    change_cards(call.world, (one for one in shown if one.key[1].lower() in chosen), change, call.now)
    missing = [userid for userid in named if userid not in holders]
    return {"invaliduser": missing} if missing else {}


def change_cards(world: World, shown: Iterable[Shown], change: Mapping[str, Any], now: datetime) -> None:
    """Change cards where they stand: each change is a line of its own that names the line it replaces."""
    for one in shown:
        card: Card = {**one.card, **change}
        text = card["replaced"] if set(change) == set(_greyed("")) else words_of(card)
        line = world.conversations.add(one.key, "account", UPDATE, text, now, way="card", updates=one.n, card=card)
        world.office.cards.note(line)


def _named(call: Call) -> list[str]:
    userids = call.body.get("userids") or []
    if not isinstance(userids, list) or len(userids) > _MOST_PEOPLE:
        raise Refused(40058, f"userids is a list of at most {_MOST_PEOPLE}")
    if not userids and not call.body.get("atall"):
        raise Refused(82001)
    return list(dict.fromkeys(str(one).lower() for one in userids))


def _change(body: Mapping[str, Any], task_id: str) -> Mapping[str, Any]:
    whole, button = body.get("template_card"), body.get("button")
    if isinstance(whole, Mapping):
        return read_card(whole, task_id=task_id)
    name = str(button.get("replace_name", "")) if isinstance(button, Mapping) else ""
    if not name:
        raise Refused(40058, "button.replace_name or template_card is needed")
    return _greyed(name)


def _greyed(name: str) -> dict[str, Any]:
    """Return what a replaced button changes: one grey word instead of all buttons."""
    return {"state": "updated", "replaced": name}


def grey_button(world: World, shown: Shown, name: str, now: datetime) -> None:
    """Replace the buttons of one person's card by a grey word, as a passive update_button does."""
    change_cards(world, [shown], _greyed(name), now)
