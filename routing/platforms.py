"""督导平台: the six ways a finding comes in, what each asks of a report, and the roles people hold."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from routing.scan import normalise
from routing.strict import Entry

# The program has a module for each platform and a meaning for each role: the file may change all about
# them but not which there are.
PLATFORM_KEYS = (
    "citizen_photo",
    "citizen_patrol",
    "hotline_12345",
    "traffic_volunteer",
    "field_assessment",
    "media_supervision",
)
ROLE_KEYS = (
    "photographer",
    "patrol",
    "operator",
    "volunteer",
    "assessor",
    "journalist",
    "officer",
    "leader",
    "dispatcher",
    "verifier",
    "admin",
)
ANYONE = "anyone"
PARTS = ("photo", "place", "words", "order", "outlet")
TRIAGES = ("unsure", "always", "never")
NEEDS = ("unit", "post", "outlet")
KNOWN = (
    "key",
    "name",
    "open_to",
    "wants",
    "optional",
    "triage",
    "asks_satisfaction",
    "weight",
    "claim_hours",
    "rectify_hours",
    "anonymous",
    "pledge",
    "welcome",
)
# WeChat refuses a longer text, and this one is sent as it stands.
WELCOME_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Platform:
    """督导平台.

    `open_to` are role keys or "anyone"; `wants` what a report must have and `optional` what it may
    have, both of `PARTS`. `triage` says when a dispatcher looks before any unit's clock starts. Hours
    of None follow the city's general time limits. `anonymous` hides who reported from everyone but
    the command centre; `pledge` means that the unit owes a 整改承诺 inside the claim limit; `welcome` is
    what a person of this platform is told to do.
    """

    key: str
    name: str
    open_to: tuple[str, ...]
    wants: tuple[str, ...]
    optional: tuple[str, ...]
    triage: str
    asks_satisfaction: bool
    weight: float
    claim_hours: float | None
    rectify_hours: float | None
    anonymous: bool
    pledge: bool
    welcome: str

    def admits(self, roles: Iterable[str]) -> bool:
        """Whether a person with these roles (none for a citizen) may report here."""
        return ANYONE in self.open_to or not set(self.open_to).isdisjoint(roles)

    def missing(self, given: Container[str]) -> tuple[str, ...]:
        """What a report with the given parts still lacks, in the order it should be asked for."""
        return tuple(part for part in self.wants if part not in given)


@dataclass(frozen=True, slots=True)
class RoleName:
    """角色: what a person may be registered as.

    `platform` is the key of the one it reports to, None for those who work on cases; `aliases` are
    other ways of writing it; `needs` are what a registration must say (unit, post, outlet).
    """

    key: str
    name: str
    platform: str | None
    aliases: tuple[str, ...]
    needs: tuple[str, ...]


def read_platforms(root: Entry) -> tuple[dict[str, Platform], dict[str, RoleName]]:
    """All platforms and all roles by key, in the order of the file; raises PackError for a broken one."""
    root.only("platforms", "roles")
    entries = _by_key(root, "platforms", PLATFORM_KEYS)
    roles = {key: _role(entry) for key, entry in _by_key(root, "roles", ROLE_KEYS).items()}
    platforms = {key: _platform(entry) for key, entry in entries.items()}
    _check_names(root, roles)
    _check_openness(root, platforms, roles)
    return platforms, roles


def _by_key(root: Entry, section: str, keys: tuple[str, ...]) -> dict[str, Entry]:
    """A section's mappings by key: each of the keys once, and no other."""
    found: dict[str, Entry] = {}
    for entry in root.entries(section):
        key = entry.choice("key", keys)
        if key in found:
            raise entry.fault(f"'{key}' stands here twice", "key")
        found[key] = entry
    for key in keys:
        if key not in found:
            raise root.fault(f"'{key}' is missing from '{section}'", section)
    return found


def _platform(entry: Entry) -> Platform:
    entry.only(*KNOWN)
    wants = entry.choices("wants", PARTS)
    optional = entry.choices("optional", PARTS)
    if twice := set(wants) & set(optional):
        raise entry.fault(f"'{min(twice)}' is both wanted and optional", "optional")
    return Platform(
        key=entry.text("key"),
        name=entry.text("name"),
        open_to=entry.choices("open_to", (ANYONE, *ROLE_KEYS)),
        wants=wants,
        optional=optional,
        triage=entry.choice("triage", TRIAGES),
        asks_satisfaction=entry.flag("asks_satisfaction"),
        weight=_weight(entry),
        claim_hours=entry.number("claim_hours"),
        rectify_hours=entry.number("rectify_hours"),
        anonymous=entry.flag("anonymous", default=False),
        pledge=entry.flag("pledge", default=False),
        welcome=_welcome(entry),
    )


def _weight(entry: Entry) -> float:
    weight = entry.number("weight")
    # Without one the platform would be counted like the others, which nobody has decided.
    if weight is None:
        raise entry.fault("'weight' is missing")
    return weight


def _welcome(entry: Entry) -> str:
    welcome = entry.text("welcome")
    size = len(welcome.encode())
    if size > WELCOME_BYTES:
        raise entry.fault(f"'welcome' takes {size} bytes, a message at most {WELCOME_BYTES}", "welcome")
    return welcome


def _role(entry: Entry) -> RoleName:
    entry.only("key", "name", "platform", "aliases", "needs")
    return RoleName(
        key=entry.text("key"),
        name=entry.text("name"),
        platform=entry.choice("platform", PLATFORM_KEYS) if "platform" in entry.values else None,
        aliases=entry.texts("aliases"),
        needs=entry.choices("needs", NEEDS),
    )


def _check_names(root: Entry, roles: Mapping[str, RoleName]) -> None:
    owners: dict[str, str] = {}
    for entry in root.entries("roles"):
        role = roles[entry.text("key")]
        for name in (role.name, *role.aliases):
            owner = owners.setdefault(normalise(name), role.key)
            if owner != role.key:
                raise entry.fault(f"the name '{name}' belongs to '{owner}' and '{role.key}'")


def _check_openness(root: Entry, platforms: Mapping[str, Platform], roles: Mapping[str, RoleName]) -> None:
    for entry in root.entries("roles"):
        role = roles[entry.text("key")]
        platform = platforms[role.platform] if role.platform else None
        # A closed platform closes for everybody, its own people included.
        if platform and platform.open_to and not platform.admits((role.key,)):
            raise entry.fault(f"'{role.key}' works for '{platform.key}', which is not open to it", "platform")
