"""大屏: for a room, from five metres; nobody touches it, and it says nothing of persons."""

from typing import Any

from flask import Blueprint, render_template

from console.board import board
from console.gate import needs
from console.looking import look
from console.premises import premises
from console.visitor import Right

wall = Blueprint("wall", __name__)

SECONDS = 15


@wall.get("/wall")
@needs(Right.LOOK)
def page() -> Any:
    """大屏, whole; its script asks for the rest."""
    return render_template("wall/page.html", board=_board(), seconds=SECONDS, zone=premises().zone)


@wall.get("/wall/live")
@needs(Right.LOOK)
def live() -> Any:
    """What stands on it now."""
    return render_template("wall/board.html", board=_board())


def _board() -> Any:
    with premises().glance() as session:
        return board(look(session))
