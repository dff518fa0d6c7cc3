"""Samples (样例照片): drawn street scenes, so that nobody has to photograph rubbish to try the bot."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from random import Random

from PIL import Image, ImageEnhance
from PIL.ExifTags import GPS, IFD, Base

from simulator.scenes import CLEAN, DIRTY, Painter, Street

_BEIJING = timezone(timedelta(hours=8))
# How much of the place a shot shows, and by how many degrees the phone is held askew.
_SEEN, _TILT = (0.7, 0.9), 4.0
# A silent AMR-NB recording: the magic and three seconds of empty frames.
VOICE = b"#!AMR\n" + (b"\x3c" + b"\x00" * 31) * 150


@dataclass(frozen=True, slots=True)
class Place:
    """地点: a place of Jinan in GCJ-02 degrees, as a phone would send it."""

    label: str
    lat: float
    lon: float


# Well-known spots, so that a reader can tell at a glance whether street and unit were found rightly.
PLACES: tuple[Place, ...] = (
    Place("泉城广场", 36.6612, 117.0216),
    Place("甸柳新村", 36.6590, 117.0665),
    Place("大明湖南门", 36.6722, 117.0245),
    Place("经十路与历山路路口", 36.6497, 117.0392),
    Place("趵突泉南门", 36.6588, 117.0157),
    Place("济南站", 36.6713, 116.9907),
    Place("洪家楼广场", 36.6853, 117.0667),
    Place("山东大厦", 36.6432, 117.0478),
)


@dataclass(frozen=True, slots=True)
class Article:
    """文章: what a link message carries when an article is forwarded."""

    title: str
    description: str
    url: str


ARTICLES: tuple[Article, ...] = (
    Article(
        "姚家街道浆水泉路早市占道经营，行人绕着走",
        "【啄木鸟在行动】摊位占道经营半个月，附近居民出行难",
        "https://news.e23.cn/jnnews/2026-11-23/2026B2300101.html",
    ),
    Article(
        "大明湖南门路面坑洼积水，市民盼修",
        "《民生热线》栏目接到多名市民反映",
        "https://www.qlwb.com.cn/detail/23300102.html",
    ),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """样例: a title, where it was "taken" (WGS-84, as cameras write it) and how it is painted."""

    title: str
    lat: float
    lon: float
    paint: Painter


def _pair(name: str, title: str, lat: float, lon: float) -> dict[str, Sample]:
    return {
        name: Sample(title, lat, lon, DIRTY[name]),
        f"{name}_clean": Sample(f"{title}（整改后）", lat, lon, CLEAN[name]),
    }


SAMPLES: Mapping[str, Sample] = {
    **_pair("street_rubbish", "路边垃圾", 36.6588, 117.0604),
    **_pair("overflowing_bin", "垃圾桶满溢", 36.6608, 117.0155),
    **_pair("occupied_pavement", "占道经营", 36.6718, 117.0184),
    **_pair("illegal_parking", "机动车乱停", 36.6493, 117.0331),
    **_pair("pothole", "路面破损", 36.6849, 117.0606),
    **_pair("small_ads", "小广告", 36.6428, 117.0417),
}


def draw(name: str, taken: datetime) -> bytes:
    """Return a sample as JPEG with date and place in its EXIF. Raises KeyError for an unknown name."""
    sample = SAMPLES[name]
    out = io.BytesIO()
    _painted(name).save(out, "JPEG", quality=85, exif=_exif(sample, taken))
    return out.getvalue()


def shoot(name: str, shot: int) -> bytes:
    """Return a sample as somebody photographs it once more and WeChat passes it on: no two shots are the same.

    The same shot is the same file. WeChat leaves nothing of what the phone wrote into it. Raises KeyError.
    """
    dice = Random(f"{name}/{shot}")  # noqa: S311 (a hand that is never quite still)
    painted = _painted(name)
    part = dice.uniform(*_SEEN)
    width, height = painted.width * part, painted.height * part
    left, top = dice.uniform(0, painted.width - width), dice.uniform(0, painted.height - height)
    middle = left + width / 2, top + height / 2
    turned = painted.rotate(dice.uniform(-_TILT, _TILT), Image.Resampling.BICUBIC, center=middle)
    box = left, top, left + width, top + height
    seen = turned.resize(painted.size, Image.Resampling.BICUBIC, box=box)
    out = io.BytesIO()
    ImageEnhance.Brightness(seen).enhance(dice.uniform(0.85, 1.12)).save(out, "JPEG", quality=82)
    return out.getvalue()


# Painting takes longer than writing the JPEG, and the page asks for all samples at once.
@lru_cache(maxsize=len(SAMPLES))
def _painted(name: str) -> Image.Image:
    street = Street(seed=name.removesuffix("_clean"))
    SAMPLES[name].paint(street)
    return street.image


def _exif(sample: Sample, taken: datetime) -> Image.Exif:
    exif = Image.Exif()
    stamp = taken.astimezone(_BEIJING).strftime("%Y:%m:%d %H:%M:%S")
    exif[Base.Make], exif[Base.Model], exif[Base.DateTime] = "Simulator", "SIM-1", stamp
    # Phones write date and place; whoever publishes a photo has to strip both, and tests look for exactly these.
    exif.get_ifd(IFD.Exif).update({Base.DateTimeOriginal: stamp, Base.OffsetTimeOriginal: "+08:00"})
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N",
            GPS.GPSLatitude: _degrees(sample.lat),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: _degrees(sample.lon),
        }
    )
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = value % 1 * 60
    return float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 3)
