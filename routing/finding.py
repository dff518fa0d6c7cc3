"""What routing is asked: one finding, as plain values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """一条线索: what somebody found, in words, and where, as far as is known.

    `place` holds words for the place (a pin's label, a member's post); `lat` and `lon` are WGS-84
    degrees, so a WeChat pin (GCJ-02) goes through `coordinates.gcj02_to_wgs84` first; `platform` is
    the key of the supervision platform it came by. `category` is what the platform knows already (an
    assessor's indicator, a dispatcher's correction), with the word for it in `category_word`; the text then
    decides nothing. `settled` is the code of the street or district a dispatcher has settled on, and the words
    then decide nothing about the place. `at` is when it was seen, in the city's local time, None where that is
    not known.
    """

    text: str = ""
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    platform: str = ""
    category: str = ""
    category_word: str = ""
    settled: str = ""
    at: datetime | None = None
