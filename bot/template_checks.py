"""模板自检: whether the templates named in the settings are there, and take what we put into their fields."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.check_line import Line
from bot.setting_values import ShortValue
from bot.settings import Account

_FIELD = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
# WeChat swallows these two since 2023; templates that were made before still list them.
_SWALLOWED = {"first", "remark"}
_ANY: tuple[ShortValue, ...] = ("headline", "number", "title", "place", "unit", "due", "remark")


@dataclass(frozen=True, slots=True)
class Kind:
    """字段类型: a field's name without its number. takes: our values that always fit.  rule: WeChat's, in words."""

    takes: tuple[ShortValue, ...]
    rule: str


# bot/delivery.py fills fields with what Desk.short makes: 20 characters at most, a number in digits, a day and time.
KINDS: Mapping[str, Kind] = {
    "thing": Kind(_ANY, "at most 20 characters"),
    "character_string": Kind(("number",), "at most 32 digits, letters and signs, no Chinese"),
    "number": Kind(("number",), "digits only"),
    "time": Kind(("due",), "a time"),
    "date": Kind(("due",), "a date"),
    "phrase": Kind((), "at most 5 Chinese characters"),
    "name": Kind((), "at most 10 characters of a name"),
    "const": Kind((), "one of the words agreed with WeChat"),
    "letter": Kind((), "letters only"),
    "symbol": Kind((), "signs only"),
    "amount": Kind((), "an amount of money"),
    "phone_number": Kind((), "a phone number"),
    "car_number": Kind((), "a car's number"),
}


def check_templates(account: Account, templates: Mapping[str, str], notices: Mapping[str, str]) -> Iterator[Line]:
    """One line for each template of the settings. templates, notices: contents by id, as WeChat lists them."""
    if account.template:
        what = f"template of {account.key}"
        yield _line(what, account.template, account.template_fields, "template_fields", templates)
    if account.subscription:
        what = f"subscription of {account.key}"
        yield _line(what, account.subscription, account.subscription_fields, "subscription_fields", notices)


def _line(what: str, template: str, filled: Mapping[str, ShortValue], setting: str, known: Mapping[str, str]) -> Line:
    if template not in known:
        there = ", ".join(sorted(known)) or "none"
        return Line(False, what, f"{template} is not among this account's templates ({there}): copy its id again")
    wrong = [*_unlike(_FIELD.findall(known[template]), filled, setting), *_unfit(filled)]
    return Line(not wrong, what, "; ".join(wrong) or f"{len(filled)} field(s) as WeChat has them")


def _unlike(fields: Iterable[str], filled: Mapping[str, ShortValue], setting: str) -> Iterator[str]:
    """Where the template's fields and the settings part."""
    there = [name for name in fields if name not in _SWALLOWED]
    for name in there:
        if name not in filled:
            yield f"its field {name} is filled with nothing: add it to {setting}"
    for name in filled:
        if name not in there:
            yield f"{name} is not one of its fields ({', '.join(there)}): take it out of {setting}"


def _unfit(filled: Mapping[str, ShortValue]) -> Iterator[str]:
    for name, value in filled.items():
        kind = KINDS.get(name.rstrip("0123456789"))
        if kind is not None and value not in kind.takes:
            yield f"{name} takes {kind.rule}, and {value} may be something else: {_instead(kind)}"


def _instead(kind: Kind) -> str:
    if kind.takes:
        return f"fill it with {' or '.join(kind.takes)}"
    return "choose a template without such a field"
