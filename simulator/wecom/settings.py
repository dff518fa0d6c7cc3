"""Settings of WeCom (企业与群设置): which corps and groups one simulator plays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from simulator.strict import SettingsError, build, mapping, read_secret, sequence


@dataclass(frozen=True, kw_only=True, slots=True)
class Corp:
    """企业: a corp with one self-built app. Secrets never print.

    webhook: "" when the app receives nothing; interactive cards are then refused.
    """

    key: str
    name: str
    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    webhook: str = ""
    # 可信域名, and the 授权回调域 of scanning to log in.
    oauth_domain: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """群: a group chat of a corp's people with one bot in it.

    corp: the key of the corp.  members: userids; empty means everybody of the corp.
    """

    key: str
    name: str
    corp: str
    bot: str
    bot_id: str
    webhook: str
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    members: tuple[str, ...] = ()

    @property
    def chat_id(self) -> str:
        """群号: the group's id in callbacks."""
        return "wr" + sha256(f"{self.bot_id} {self.key}".encode()).hexdigest()[:22]

    def holds(self, userid: str) -> bool:
        """Tell whether a member of the corp is in the group."""
        return not self.members or userid.lower() in {one.lower() for one in self.members}


def read_wecom(tree: dict[str, Any], folder: Path) -> None:
    """Replace the plain `corps` and `groups` of a settings tree. Raises SettingsError."""
    tree["corps"] = tuple(
        _corp(one, f"corps[{n}]", folder) for n, one in enumerate(sequence(tree.get("corps", []), "corps"))
    )
    tree["groups"] = tuple(
        _group(one, f"groups[{n}]", folder) for n, one in enumerate(sequence(tree.get("groups", []), "groups"))
    )


def check_wecom(corps: tuple[Corp, ...], groups: tuple[Group, ...], people: Mapping[str, set[str]]) -> None:
    """Raise SettingsError for what contradicts; `people` holds the lower-case userids of each account."""
    known = {corp.key for corp in corps}
    for group in groups:
        if group.corp not in known:
            raise SettingsError(f"groups: {group.key} names the corp {group.corp}, which is not there")
        strangers = {one.lower() for one in group.members} - people.get(group.corp, set())
        if strangers:
            raise SettingsError(f"groups: {group.key} has members nobody knows: {sorted(strangers)}")


def _corp(raw: object, where: str, folder: Path) -> Corp:
    tree = _with_secrets(raw, where, folder)
    corp: Corp = build(Corp, tree, where)
    if corp.webhook:
        _check_key(corp.aes_key, where)
    return corp


def _group(raw: object, where: str, folder: Path) -> Group:
    tree = _with_secrets(raw, where, folder)
    tree["members"] = tuple(str(one) for one in sequence(tree.get("members", []), f"{where}.members"))
    group: Group = build(Group, tree, where)
    _check_key(group.aes_key, where)
    return group


def _with_secrets(raw: object, where: str, folder: Path) -> dict[str, Any]:
    tree = dict(mapping(raw, where))
    for name in ("secret", "token", "aes_key"):
        read_secret(tree, name, where, folder)
    return tree


def _check_key(aes_key: str, where: str) -> None:
    # WeCom has no plain mode: whatever it sends is sealed.
    if len(aes_key) != 43:
        raise SettingsError(f"{where}.aes_key: 43 characters are needed")
