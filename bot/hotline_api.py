"""12345 接口: the hotline's own system sends orders (JSON in, number out) and fetches their outcomes."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from flask import Blueprint, Response, current_app, jsonify, request
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import hotline_keys
from bot.installation import Installation, utc_now
from handlers import hotline
from handlers.reading.work_order import WorkOrder
from models.hotline import ApiKey

hotline_api = Blueprint("hotline_api", __name__, url_prefix="/api/hotline")

OUTCOMES_AT_ONCE = 500
Answer = tuple[Response, int]
Story = Callable[[Session, ApiKey, datetime], Answer]

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=128)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z_-]{4,40}$")]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=4000)]


class OrderIn(BaseModel):
    """工单: what the hotline sends. Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid")

    number: Number
    demand: Long
    address: Short
    caller: Short = ""
    phone: Short = ""
    category: Short = ""
    received_at: Short = ""


# What pydantic calls a mistake, and what it means to whoever must mend it.
_PROBLEMS = {
    "missing": "is required",
    "extra_forbidden": f"is no field of an order; there are {', '.join(OrderIn.model_fields)}",
    "string_type": "must be text, in quotation marks",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must be 4 to 40 letters, digits, - or _",
    "model_type": "must be a JSON object, sent as application/json",
    "model_attributes_type": "must be a JSON object, sent as application/json",
}


@hotline_api.post("/orders")
def take_order() -> Answer:
    """201 with the case's number; 200 when the order was known; 400 says which field is wrong and why."""
    try:
        order = OrderIn.model_validate(request.get_json(silent=True))
    except ValidationError as error:
        told = _fields(error)
        return _authorised(lambda _session, _key, _now: told)
    try:
        return _authorised(lambda session, key, now: _take(session, key, now, order))
    except IntegrityError:
        # The same order came twice at once; the other one is in now.
        return _authorised(lambda session, key, now: _take(session, key, now, order))


def _take(session: Session, key: ApiKey, now: datetime, order: OrderIn) -> Answer:
    taken = hotline.take_order(_installation().desk(session, now), key.person_id, _order(order))
    return jsonify({"case": taken.case, "new": taken.new}), 201 if taken.new else 200


@hotline_api.get("/orders/<number>")
def one_outcome(number: str) -> Answer:
    """Where an order stands."""

    def told(session: Session, _key: ApiKey, now: datetime) -> Answer:
        found = hotline.outcome(_installation().desk(session, now), number)
        return (jsonify(found), 200) if found else _error(404, "number", "is no order we know")

    return _authorised(told)


@hotline_api.get("/outcomes")
def outcomes() -> Answer:
    """What changed, the oldest change first, at most 500 orders. ?after= the `next` of the answer before."""
    after = request.args.get("after", "0")

    def told(session: Session, _key: ApiKey, now: datetime) -> Answer:
        if not after.isascii() or not after.isdigit() or len(after) > 18:
            return _error(400, "after", "must be the `next` of the answer before, or 0")
        found = hotline.changed(_installation().desk(session, now), int(after), OUTCOMES_AT_ONCE)
        return jsonify({"outcomes": found, "next": found[-1]["change"] if found else int(after)}), 200

    return _authorised(told)


def _authorised(story: Story) -> Answer:
    """One transaction for whoever has a key."""
    now = utc_now()
    with _installation().database.story() as session:
        key = hotline_keys.bearer(session, request.headers.get("Authorization", ""), now)
        if key is None:
            return _error(401, "Authorization", "must be 'Bearer KEY' with a key in force")
        return story(session, key, now)


def _order(order: OrderIn) -> WorkOrder:
    return WorkOrder(
        number=order.number,
        caller=order.caller,
        phone=order.phone,
        address=order.address,
        demand=order.demand,
        category=order.category,
        received_at_text=order.received_at,
        raw_rest="",
    )


def _fields(error: ValidationError) -> Answer:
    """Every wrong field by name; its value, which may be personal data, is not repeated."""
    errors: list[dict[str, Any]] = [
        {"field": ".".join(map(str, e["loc"])) or "(body)", "problem": _problem(e["type"], e.get("ctx", {}))}
        for e in error.errors(include_input=False, include_url=False)
    ]
    return jsonify({"errors": errors}), 400


def _problem(kind: str, context: dict[str, Any]) -> str:
    return _PROBLEMS.get(kind, kind).format(**context)


def _error(status: int, field: str, problem: str) -> Answer:
    return jsonify({"errors": [{"field": field, "problem": problem}]}), status


def _installation() -> Installation:
    installation: Installation = current_app.extensions["installation"]
    return installation
