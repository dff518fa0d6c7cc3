"""Bundling: what waits for one person shares a message, in order, and never more than WeChat takes."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.bundling import Contents, bundle
from bot.parcel import TEXT_BYTES
from models.outbound import OutboundMessage

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def row(
    number: int, text: str, *, may_bundle: bool = True, photo: int | None = None, attempts: int = 1
) -> OutboundMessage:
    return OutboundMessage(
        id=number, key=str(number), person_id=1, text=text, short={"number": str(number)}, photo_id=photo,
        may_bundle=may_bundle, created_at=NOW, attempts=attempts,
    )  # fmt: skip


def test_it_joins_what_may_wait_and_leaves_the_rest_alone() -> None:
    rows = [
        row(1, "甲"),
        row(2, "乙"),
        row(3, "快", may_bundle=False),
        row(4, "丙"),
        row(5, "", photo=9),
        row(6, "丁"),
    ]

    parcels = bundle(1, rows, Contents({9: "sha"}))

    assert [parcel.row_ids for parcel in parcels] == [(1, 2), (3,), (4,), (5,), (6,)]
    assert parcels[0].text == "您有2条通知：\n甲\n————\n乙"
    assert [part.row_ids for part in parcels[0].parts] == [(1,), (2,)]
    assert [part.short for part in parcels[0].parts] == [{"number": "1"}, {"number": "2"}]
    assert [(parcel.photo_sha, parcel.parts) for parcel in parcels[3:4]] == [("sha", ())]


def test_it_sends_what_may_have_gone_through_again_as_it_was() -> None:
    rows = [row(1, "甲", attempts=2), row(2, "乙", attempts=2), row(3, "丙")]

    parcels = bundle(1, rows, Contents())

    assert [parcel.row_ids for parcel in parcels] == [(1, 2), (3,)]


@given(texts=st.lists(st.text(alphabet="案件x🚮\n", min_size=1, max_size=700), min_size=1, max_size=12))
def test_it_keeps_the_order_and_the_size_whatever_is_said(texts: list[str]) -> None:
    rows = [row(number, text) for number, text in enumerate(texts)]

    parcels = bundle(1, rows, Contents())

    assert [row_id for parcel in parcels for row_id in parcel.row_ids] == list(range(len(texts)))
    assert all(len(parcel.text.encode()) <= TEXT_BYTES for parcel in parcels if parcel.parts)
    assert all(part.text in parcel.text for parcel in parcels for part in parcel.parts)
