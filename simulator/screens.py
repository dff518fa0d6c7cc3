"""Screens (手机画面): one conversation on one person's phone, and the address it is opened at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.people import Person
from simulator.wecom.settings import Group
from simulator.world import World


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """画面: `who` is the address, `key` the conversation, `family` the look: official, wecom or group."""

    who: str
    key: str
    person: Person
    family: str
    title: str
    subtitle: str
    heading: str
    label: str
    app_id: str = ""
    bot: str = ""

    @property
    def account(self) -> str:
        """The account, corp or group whose conversation it is."""
        return self.key.partition("/")[0]

    @property
    def openid(self) -> str:
        """Whose conversation it is; "" for a group, which has one for all."""
        return self.key.partition("/")[2]


def screens(world: World) -> list[Screen]:
    """Return everything that can be opened: a phone for each person, then the groups."""
    names = Counter(person.name for person in world.people)
    phones = [_phone(world, person, alone=names[person.name] == 1) for person in world.people]
    return phones + [screen for group in world.groups.values() for screen in _members(world, group)]


def listed(found: list[Screen]) -> Iterator[Screen]:
    """Return the screens a list of conversations shows: of a group only the first member's."""
    shown: set[str] = set()
    for screen in found:
        if screen.key not in shown:
            shown.add(screen.key)
            yield screen


def find_screen(found: list[Screen], who: str) -> Screen | None:
    """Return the screen a name, an id or an address means, None when it means nothing."""
    # Names make readable addresses; openids are for scripts.
    return next((one for one in found if who in (one.who, one.key, one.person.name, one.person.openid)), None)


def _phone(world: World, person: Person, *, alone: bool) -> Screen:
    corp = world.corps.get(person.account)
    key = "/".join(person.key)
    if corp:
        return Screen(
            who=person.name if alone else key, key=key, person=person, family="wecom", title=corp.name,
            subtitle=f"{person.name}的企业微信", heading=person.group or "企业微信", label=person.name,
        )  # fmt: skip
    account = world.accounts[person.account]
    return Screen(
        who=person.name if alone else key, key=key, person=person, family="official", title=account.name,
        subtitle=f"{person.name}的手机", heading=person.group, label=person.name, app_id=account.app_id,
    )  # fmt: skip


def _members(world: World, group: Group) -> Iterator[Screen]:
    members = world.members(group)
    for person in members:
        yield Screen(
            who=f"{group.key}/{person.openid}", key=f"{group.key}/", person=person, family="group", title=group.name,
            subtitle=f"{len(members)} 人和机器人“{group.bot}”", heading="群聊", label=group.name, bot=group.bot,
        )  # fmt: skip
