"""Pages (页面): the chat page, as WeChat looks on the phone."""

from __future__ import annotations

from flask import Blueprint

from simulator.world import World


def make_pages(world: World) -> Blueprint:
    """Return the blueprint with the pages."""
    del world
    return Blueprint("pages", __name__)
