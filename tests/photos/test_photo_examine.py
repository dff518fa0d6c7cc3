"""What is read from a photo before its metadata goes."""

import hashlib
import struct
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL.ExifTags import GPS, IFD, Base

from photos.intake import Intake, take
from tests.photos.drawing import baotu_spring, camera_notes, jpeg, picture, saved


def examine(data: bytes) -> Intake:
    return take(data).facts


HALF_PAST_EIGHT = "2026:05:04 08:30:00"


@pytest.mark.parametrize(
    ("kind", "mime"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("BMP", "image/bmp"),
        ("MPO", "image/jpeg"),
    ],
)
def test_it_tells_the_type_by_content(kind: str, mime: str) -> None:
    assert examine(saved(kind)).mime == mime


def test_it_takes_the_first_picture_of_a_phones_mpo() -> None:
    data = saved("MPO", save_all=True, append_images=[picture(40, 40)])

    intake = examine(data)

    assert (intake.mime, intake.width, intake.height) == ("image/jpeg", 96, 64)


def test_it_measures_the_original() -> None:
    data = jpeg()

    intake = examine(data)

    assert intake.sha256 == hashlib.sha256(data).hexdigest()
    assert intake.size == len(data)


@pytest.mark.parametrize(("orientation", "size"), [(1, (96, 64)), (3, (96, 64)), (6, (64, 96)), (5, (64, 96))])
def test_it_gives_the_size_of_the_upright_picture(orientation: int, size: tuple[int, int]) -> None:
    intake = examine(jpeg(exif=camera_notes(orientation)))

    assert (intake.width, intake.height) == size


@pytest.mark.parametrize(
    ("clocks", "taken_at"),
    [
        ({Base.DateTimeOriginal: HALF_PAST_EIGHT}, datetime(2026, 5, 4, 0, 30, tzinfo=UTC)),
        (
            {Base.DateTimeOriginal: HALF_PAST_EIGHT, Base.OffsetTimeOriginal: "-03:30"},
            datetime(2026, 5, 4, 12, 0, tzinfo=UTC),
        ),
        (
            {Base.DateTimeOriginal: HALF_PAST_EIGHT, Base.OffsetTime: "+00:00"},
            datetime(2026, 5, 4, 8, 30, tzinfo=UTC),
        ),
        ({Base.DateTimeDigitized: HALF_PAST_EIGHT}, datetime(2026, 5, 4, 0, 30, tzinfo=UTC)),
        (
            {Base.DateTimeOriginal: HALF_PAST_EIGHT, Base.OffsetTimeOriginal: "+99:99"},
            None,
        ),
        ({Base.DateTimeOriginal: "0000:00:00 00:00:00"}, None),
        ({Base.DateTimeOriginal: "0001:01:01 00:00:00"}, None),
        ({Base.DateTimeOriginal: "昨天".encode().decode("latin-1")}, None),
        ({}, None),
    ],
)
def test_it_reads_when_the_photo_was_taken(clocks: dict[int, str], taken_at: datetime | None) -> None:
    assert examine(jpeg(exif=camera_notes(clocks=clocks))).taken_at == taken_at


def test_it_does_not_take_the_time_of_editing_for_the_time_of_taking() -> None:
    exif = camera_notes()
    exif[Base.DateTime] = HALF_PAST_EIGHT

    assert examine(jpeg(exif=exif)).taken_at is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_reads_where_the_photo_was_taken(kind: str) -> None:
    intake = examine(saved(kind, exif=camera_notes(gps=baotu_spring())))

    assert (intake.lat, intake.lon) == pytest.approx((36.66125, 117.0145))


def test_it_reads_south_and_west_as_negative() -> None:
    gps = baotu_spring() | {GPS.GPSLatitudeRef: "S", GPS.GPSLongitudeRef: "W"}

    intake = examine(jpeg(exif=camera_notes(gps=gps)))

    assert (intake.lat, intake.lon) == pytest.approx((-36.66125, -117.0145))


@pytest.mark.parametrize(
    "change",
    [
        {GPS.GPSLatitude: (91.0, 0.0, 0.0)},
        {GPS.GPSLatitude: (36.0, 39.0)},
        {GPS.GPSLatitudeRef: "?"},
        {GPS.GPSLatitude: (0.0, 0.0, 0.0), GPS.GPSLongitude: (0.0, 0.0, 0.0)},
    ],
)
def test_it_knows_no_place_rather_than_a_wrong_one(change: dict[int, Any]) -> None:
    intake = examine(jpeg(exif=camera_notes(gps=baotu_spring() | change)))

    assert (intake.lat, intake.lon) == (None, None)


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0nonsense", b"Exif\0\0II*\0\x08\0\0\0\xff\xff", b"Exif\0\0" + bytes(60_000)]
)
def test_it_takes_a_photo_with_broken_camera_notes(exif: bytes) -> None:
    intake = examine(jpeg(exif=exif))

    assert (intake.taken_at, intake.lat, intake.lon) == (None, None, None)


def tiff(*entries: tuple[int, int, int, int], tail: bytes = b"") -> bytes:
    """An EXIF block of one directory: tag, type, count and value (or where it stands) of each entry."""
    table = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + table + tail


@pytest.mark.parametrize(
    "exif",
    [
        tiff((Base.Orientation, 3, 2**31, 0)),
        tiff((Base.Orientation, 2, 4, 0x36363636)),
        tiff((Base.Orientation, 3, 0, 6)),
        tiff((Base.Orientation, 5, 1, 8)),
        *(tiff((tag, 5, 1, 22), tail=struct.pack("<II", 1, 0)) for tag in (Base.Orientation, IFD.Exif, IFD.GPSInfo)),
        tiff((IFD.Exif, 4, 1, 8), (IFD.GPSInfo, 4, 1, 8)),
        tiff((IFD.Exif, 4, 1, 2**32 - 1), (IFD.GPSInfo, 3, 1, 0xFFFF)),
        tiff(*[(Base.Make, 7, 60_000, 8)] * 5000)[:65_000],
        tiff(*[(Base.Make, 2, 250, 8)] * 5000)[:65_000],
        b"Exif\0\0MM\0*" + bytes(4),
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
    ],
)
def test_it_takes_a_photo_with_hostile_camera_notes_in_no_time(exif: bytes) -> None:
    began = time.process_time()

    intake = examine(jpeg(exif=exif))

    assert (intake.width, intake.height, intake.taken_at, intake.lat) == (96, 64, None, None)
    assert time.process_time() - began < 0.2
