"""记操作日志: what the visitor of this request did or looked at."""

from datetime import datetime
from typing import Any

from flask import g, request
from sqlalchemy.orm import Session

from models.journal import Act, write


def note(session: Session, now: datetime, act: str, subject: str = "", words: str = "", **data: Any) -> None:
    """记一笔 in the name of whoever asks; nobody's where nobody is logged in."""
    who = g.get("visitor")
    write(session, now, who.person_id if who else None, Act(act, subject, words, data), request.remote_addr or "")
