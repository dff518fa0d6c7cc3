"""导入群聊 (`run.py import-chat …`): an exported conversation in, candidates out, and what becomes of them."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import click

from bot import photo_keeping
from bot.installation import Installation, installed, utc_now
from handlers.desk import Desk
from handlers.groups import keeping, settling
from handlers.groups.bursts import Burst, gathered
from handlers.groups.export import Circumstances, Export, read_export
from handlers.groups.files import ExportError
from handlers.groups.keeping import Fate, Heard, Outcome
from handlers.groups.marks import MISSING, Marked, Picture, Places, marked
from handlers.groups.source import GroupSaying
from handlers.groups.understanding import Understood, member, names_problem, understand
from handlers.message import Media
from handlers.reading import number_ranges
from photos.intake import DEFAULT_LIMITS, PhotoRefused
from photos.storage import Storage
from routing.decision import Decision
from routing.platforms import PLATFORM_KEYS, Platform

_DAY = click.DateTime(["%Y-%m-%d"])
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])
_PATH = click.Path(path_type=Path, exists=True)
_FATES = {
    Fate.NEW: "new",
    Fate.MORE: "goes on with one that waits",
    Fate.FILLED: "known, missing pictures found",
    Fate.KNOWN: "imported before",
}


class _Proposal(NamedTuple):
    """One candidate as it would be: what was said, and what of it is new."""

    understood: Understood
    outcome: Outcome


@click.command(name="import-chat")
@click.argument("file", type=_PATH, required=False)
@click.option("--platform", type=click.Choice(PLATFORM_KEYS), help="Whose group it is; needed with a FILE.")
@click.option("--group", default="", help="The group's name, where the export does not tell it.")
@click.option("--pictures", type=_PATH, help="Folder or zip with the pictures, and nothing but these.")
@click.option("--since", type=_MOMENT, help="Leave out what was said before (in the city's time).")
@click.option("--day", type=_DAY, help="The day of an export that tells only hours.")
@click.option("--me", default="", help="The name of who exported it, whom some tools call 我.")
@click.option(
    "--keep", is_flag=True, help="Store what is new, for dispatchers to confirm. Without it nothing changes."
)
@click.option("--confirm", metavar="NUMBERS", help="Make reports of candidates: 1,3-5.")
@click.option("--ignore", metavar="NUMBERS", help="Put candidates away; wants --because.")
@click.option("--because", default="", help="Why they are put away.")
def import_chat(
    file: Path | None,
    platform: str | None,
    group: str,
    pictures: Path | None,
    since: datetime | None,
    day: datetime | None,
    me: str,
    keep: bool,
    confirm: str | None,
    ignore: str | None,
    because: str,
) -> None:
    """Reports out of an ordinary WeChat group's exported conversation.

    FILE is the export: a text, a table (CSV, Excel, JSON), a saved mail, or a folder or zip of it and its pictures.
    Without FILE it shows what waits to be confirmed, or confirms and ignores it.
    """
    here = installed()
    if file is None:
        _settle(here, confirm, ignore, because)
        return
    if platform is None or confirm or ignore:
        raise click.UsageError("say whose group it is (--platform …); --confirm and --ignore go without a FILE")
    around = Circumstances(
        zone=here.settings.timezone, group=group, pictures=pictures, day=day.date() if day else None, me=me
    )
    try:
        _import(here, read_export(file, around), platform, since, keep)
    except ExportError as error:
        raise click.ClickException(f"{file}: {error}") from error


def _settle(here: Installation, confirm: str | None, ignore: str | None, because: str) -> None:
    """Confirm, ignore, or show what waits."""
    with here.database.story() as session:
        desk = here.desk(session, utc_now())
        if confirm:
            lines = settling.confirm(desk, _numbers(confirm), "", None)
        elif ignore:
            if not because:
                raise click.UsageError("say why: --because …")
            lines = settling.ignore(desk, _numbers(ignore), because, None)
        else:
            lines = [settling.line(desk, one) for one in settling.waiting(desk)]
    click.echo("\n".join(lines) or "nothing waits")


def _numbers(text: str) -> list[int]:
    numbers, rest = number_ranges.read(text)
    if not numbers or rest:
        raise click.UsageError(f"not numbers: {text!r}; write 1,3-5")
    return numbers


def _import(here: Installation, export: Export, key: str, since: datetime | None, keep: bool) -> None:
    """Look at everything first: pictures are slow, and no transaction waits for them."""
    platform = here.router.pack.platforms[key]
    begin = since.replace(tzinfo=here.settings.timezone) if since else None
    told = [one for one in export.sayings() if begin is None or one.sent_at is None or one.sent_at >= begin]
    seen = _examined(export, told, here.vault if keep else None)
    with here.database.story() as session:
        desk = here.desk(session, utc_now())
        bursts, left = gathered(told, lambda words: names_problem(desk, words))
        heard, everything = _heard(desk, platform, bursts, seen)
        proposals = [_proposal(desk, platform, heard, *one) for one in zip(bursts, everything, strict=True)]
        kept = [keeping.keep(desk, platform, heard, *one) for one in proposals] if keep else []
        numbers = [candidate.id if candidate else None for candidate in kept]
        _tell(desk, platform, proposals, numbers)
    click.echo(f"{export.document}: {export.chat or 'no group named'}, {len(told)} messages")
    for n, one in enumerate(proposals):
        click.echo(_shown(here, n + 1, one, everything[n], numbers[n] if keep else None))
    click.echo(_summary(proposals, left, keep))


def _examined(export: Export, told: Sequence[GroupSaying], vault: Storage | None) -> dict[str, Picture]:
    """Every picture named, looked at once; those that can be shown go into the vault, where there is one."""
    names = dict.fromkeys(picture.media_id for saying in told for picture in saying.pictures)
    return {name: _picture(export, name, vault) for name in names}


def _picture(export: Export, name: str, vault: Storage | None) -> Picture:
    try:
        data = export.picture(Media(name), DEFAULT_LIMITS.max_bytes)
    except ExportError:
        return Picture(name, reason="unreadable")
    if data is None:
        return Picture(name, reason=MISSING)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        taken = photo_keeping.examined(data) if vault is None else photo_keeping.keep(vault, data)
    except PhotoRefused as refused:
        return Picture(name, sha256, reason=refused.reason)
    # A year of a busy group is thousands of pictures, and all of them are held until the rows are written.
    return Picture(name, sha256, replace(taken, copies={}))


def _heard(
    desk: Desk, platform: Platform, bursts: Sequence[Burst], seen: Mapping[str, Picture]
) -> tuple[Heard, list[list[Marked]]]:
    places = Places()
    everything = [
        marked(platform.key, burst, [seen[picture.media_id] for picture in burst.pictures], places)
        for burst in bursts
    ]
    return Heard(desk.session, [one for burst in everything for one in burst]), everything


def _proposal(desk: Desk, platform: Platform, heard: Heard, burst: Burst, marks: Sequence[Marked]) -> _Proposal:
    speaker = member(desk, platform, burst.first.speaker)
    return _Proposal(understand(desk, platform, burst, speaker), heard.compare(marks))


def _tell(desk: Desk, platform: Platform, proposals: Sequence[_Proposal], numbers: Sequence[int | None]) -> None:
    """Dispatchers hear once of all that is new, and nothing where nothing is."""
    kept = zip(numbers, proposals, strict=False)
    new = [number for number, one in kept if number is not None and one.outcome.fate is Fate.NEW]
    if new:
        keeping.tell_dispatchers(desk, platform, len(new), new[0])


def _shown(here: Installation, n: int, one: _Proposal, marks: Sequence[Marked], number: int | None) -> str:
    """A candidate in a few lines: when, who, what, with which pictures, and where it would go."""
    first, understood = one.understood.burst.first, one.understood
    when = f"{first.sent_at.astimezone(here.settings.timezone):%Y-%m-%d %H:%M}" if first.sent_at else first.when
    who = "member" if understood.person_id else "not registered"
    doubt = f" [doubtful: {understood.doubt}]" if understood.doubt else ""
    known = _FATES[one.outcome.fate] + (f", candidate {number}" if number else "")
    lines = [f"{n}. {when or 'no time'} {first.speaker or '?'} ({who}){doubt} — {known}"]
    lines += [f"   {line}" for line in (understood.words or "(no words)").split("\n")]
    pictures = [mark.picture for mark in marks if mark.picture]
    if pictures:
        lines.append(f"   pictures: {_pictures(pictures)}")
    return "\n".join([*lines, *(f"   → {_decided(here, decision)}" for decision in understood.decisions)])


def _pictures(pictures: Sequence[Picture]) -> str:
    """2 found, 1 missing (图片3), 1 refused (x.gif: animated)."""
    missing = [picture.name or "?" for picture in pictures if picture.reason == MISSING]
    refused = [f"{one.name}: {one.reason}" for one in pictures if one.reason not in ("", MISSING)]
    told = [f"{len(pictures) - len(missing) - len(refused)} found"]
    told += [f"{len(missing)} missing ({', '.join(missing)})"] if missing else []
    told += [f"{len(refused)} refused ({', '.join(refused)})"] if refused else []
    return ", ".join(told)


def _decided(here: Installation, decision: Decision) -> str:
    units = here.router.pack.units
    place = decision.street or decision.district or ""
    where = units[place].name if place in units else "street unknown"
    sure = "goes out by itself" if decision.confidence >= here.rules.sure_from else "a dispatcher is asked"
    return f"{units[decision.unit].name} · {where} · {decision.confidence:.0%}, {sure}"


def _summary(proposals: Sequence[_Proposal], left: Counter[str], keep: bool) -> str:
    fates = Counter(one.outcome.fate for one in proposals)
    told = ", ".join(f"{fates[fate]} {words}" for fate, words in _FATES.items() if fates[fate]) or "none"
    doubtful = sum(bool(one.understood.doubt) for one in proposals)
    out = ", ".join(f"{count} {kind}" for kind, count in left.most_common()) or "nothing"
    end = "stored, to be confirmed" if keep else "nothing was stored (--keep stores them)"
    return f"{len(proposals)} candidates: {told}; {doubtful} doubtful. Left out or unreadable: {out}. {end}"
