"""12345 接口: the hotline's own system sends orders (JSON in, number out) and fetches their outcomes."""

import hmac
import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any

from flask import Blueprint, Response, current_app, jsonify, request
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.installation import Installation, utc_now
from handlers import hotline
from handlers.reading.work_order import WorkOrder
from models.hotline import ApiKey
from models.people import Person

hotline_api = Blueprint("hotline_api", __name__, url_prefix="/api/hotline")

OUTCOMES_AT_ONCE = 500
Answer = tuple[Response, int]

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


@hotline_api.post("/orders")
def take_order() -> Answer:
    """201 with the case's number; 200 when the order was known; 400 says which field is wrong and why."""
    now = utc_now()
    with _installation().database.story() as session:
        key = _key(session, now)
        if key is None:
            return _error(401, "Authorization: Bearer KEY is missing, unknown or revoked")
        try:
            order = OrderIn.model_validate(request.get_json(silent=True))
        except ValidationError as error:
            return _fields(error)
        taken = hotline.take_order(_installation().desk(session, now), key.person_id, "", _order(order))
    return jsonify({"case": taken.case, "new": taken.new}), 201 if taken.new else 200


@hotline_api.get("/orders/<number>")
def one_outcome(number: str) -> Answer:
    """Where an order stands."""
    now = utc_now()
    with _installation().database.story() as session:
        if _key(session, now) is None:
            return _error(401, "Authorization: Bearer KEY is missing, unknown or revoked")
        found = hotline.outcome(_installation().desk(session, now), number)
    return (jsonify(found), 200) if found else _error(404, f"no order {number!r}")


@hotline_api.get("/outcomes")
def outcomes() -> Answer:
    """What changed since a moment (?since=2026-11-23T00:00:00Z), at most 500 orders; ask again from the last one."""
    now = utc_now()
    try:
        since = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return _error(400, "since must be an ISO 8601 time with a zone, such as 2026-11-23T00:00:00Z")
    if since.tzinfo is None:
        return _error(400, "since needs a zone, such as the Z of 2026-11-23T00:00:00Z")
    with _installation().database.story() as session:
        if _key(session, now) is None:
            return _error(401, "Authorization: Bearer KEY is missing, unknown or revoked")
        desk = _installation().desk(session, now)
        found = hotline.changed_since(desk, since.astimezone(UTC), OUTCOMES_AT_ONCE)
    return jsonify({"outcomes": found}), 200


def issue_key(session: Session, name: str, now: datetime) -> str:
    """发放密钥: the key is shown once; only its digest is kept."""
    key = secrets.token_urlsafe(32)
    person = Person(name=name, created_at=now)
    session.add(person)
    session.flush()
    session.add(ApiKey(name=name, digest=_digest(key), person_id=person.id, created_at=now))
    return key


def _key(session: Session, now: datetime) -> ApiKey | None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    digest = _digest(given.strip())
    key = session.scalars(select(ApiKey).where(ApiKey.digest == digest, ApiKey.revoked_at.is_(None))).one_or_none()
    if scheme.lower() != "bearer" or key is None or not hmac.compare_digest(key.digest, digest):
        return None
    key.used_at = now
    return key


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


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
        {"field": ".".join(map(str, e["loc"])) or "(body)", "problem": e["msg"]}
        for e in error.errors(include_input=False, include_url=False)
    ]
    return jsonify({"errors": errors}), 400


def _error(status: int, words: str) -> Answer:
    return jsonify({"errors": [{"field": "", "problem": words}]}), status


def _installation() -> Installation:
    installation: Installation = current_app.extensions["installation"]
    return installation
