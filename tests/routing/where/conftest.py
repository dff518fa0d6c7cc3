"""One question to Jinan's pack: where is this?"""

from collections.abc import Callable

import pytest

from routing.finding import Finding
from routing.pack import Pack
from routing.where.place import Spot, locate

Where = Callable[..., Spot]


@pytest.fixture(scope="session")
def where(jinan: Pack) -> Where:
    """Locate a text, with a pin in WGS-84 degrees and the label of its place where there are any."""

    def where(text: str, pin: tuple[float, float] | None = None, place: str = "") -> Spot:
        lat, lon = pin or (None, None)
        return locate(jinan, Finding(text=text, place=place, lat=lat, lon=lon))

    return where
