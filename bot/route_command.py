"""试派命令 (`run.py route …`): where would these words go, and why?"""

import json
from datetime import datetime, time, tzinfo

import click

from bot.installation import utc_now
from bot.routing_ground import ground
from routing.decision import Decision
from routing.finding import Finding
from routing.router import Router
from routing.where.coordinates import gcj02_to_wgs84


@click.command()
@click.argument("text")
@click.option("--at", help="LAT,LON of the pin as WeChat gives it (GCJ-02).")
@click.option("--place", default="", help="Words for the place, such as the pin's label.")
@click.option("--from", "platform", default="citizen_photo", show_default=True)
@click.option("--when", help="HH:MM in the city, for rules that ask for the hour; default: now.")
@click.option("--wgs84", is_flag=True, help="--at is WGS-84.")
@click.option("--json", "as_json", is_flag=True)
def route(text: str, at: str | None, place: str, platform: str, when: str | None, wgs84: bool, as_json: bool) -> None:
    """Where would this go, and why? Nothing is opened by it."""
    lat, lon = _pin(at, wgs84)
    here = ground()
    finding = Finding(text=text, place=place, lat=lat, lon=lon, platform=platform, at=_moment(when, here.zone))
    decision = here.router.decide(finding)
    if as_json:
        click.echo(json.dumps(decision.as_json(), ensure_ascii=False, indent=2))
    else:
        _show(here.router, decision)


def _pin(at: str | None, wgs84: bool) -> tuple[float | None, float | None]:
    if not at:
        return None, None
    try:
        lat, lon = (float(part) for part in at.split(","))
    except ValueError as error:
        raise click.BadParameter("write --at 36.66,117.02") from error
    return (lat, lon) if wgs84 else gcj02_to_wgs84(lat, lon)


def _moment(when: str | None, zone: tzinfo) -> datetime:
    now = utc_now().astimezone(zone)
    if when is None:
        return now
    try:
        return datetime.combine(now.date(), time.fromisoformat(when), zone)
    except ValueError as error:
        raise click.BadParameter("write --when 23:30") from error


def _show(router: Router, decision: Decision) -> None:
    click.echo(f"{_named(router, decision.unit)}\n{decision.words()}")
    for code in decision.co_units:
        click.echo(f"协办：{_named(router, code)}")
    for option in decision.alternatives:
        click.echo(f"备选：{_named(router, option.unit)} {option.confidence:.0%} {option.why}")


def _named(router: Router, code: str) -> str:
    return f"{router.pack.units[code].name} ({code})"
