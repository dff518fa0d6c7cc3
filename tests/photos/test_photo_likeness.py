"""相似索引: what it finds is what comparing with every picture would find."""

from random import Random
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photos.fingerprint import EMPTY, NEAR, SIZE, distance, mirrored
from photos.likeness import Likenesses, Match


def prints(count: int, seed: int) -> list[bytes]:
    dice = Random(seed)
    return [dice.randbytes(SIZE) for _ in range(count)]


def touched(one: bytes, bits: int, seed: int) -> bytes:
    number = int.from_bytes(one)
    for bit in Random(seed).sample(range(SIZE * 8), bits):
        number ^= 1 << bit
    return number.to_bytes(SIZE)


def index(fingerprints: list[bytes]) -> Likenesses:
    likenesses = Likenesses()
    likenesses.add(range(len(fingerprints)), fingerprints)
    return likenesses


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 90), st.sampled_from([0.0, 0.1, NEAR, 0.4, 0.5, 1.0]))
def test_it_finds_what_brute_force_finds(seed: int, bits: int, within: float) -> None:
    kept = prints(60, seed)
    kept += [touched(kept[n], bits // 2, seed + n) for n in range(5)]
    wanted = touched(kept[0], bits, seed)

    found = index(kept).nearest(wanted, within)

    nearest = [min(distance(wanted, one), distance(mirrored(wanted), one)) for one in kept]
    assert {match.id: match.distance for match in found} == {n: d for n, d in enumerate(nearest) if d <= within}
    assert [match.distance for match in found] == sorted(match.distance for match in found)


def test_it_flags_the_mirrored_picture() -> None:
    kept = prints(50, 1)

    found = index(kept).nearest(mirrored(kept[7]), NEAR)

    assert found == [Match(7, 0.0, mirrored=True)]


def test_it_never_finds_or_keeps_what_tells_nothing() -> None:
    likenesses = index([EMPTY, *prints(3, 2)])

    assert len(likenesses) == 3
    assert likenesses.nearest(EMPTY, 1.0) == []


def test_it_finds_the_first_and_the_last_after_growing() -> None:
    kept = prints(5000, 3)
    likenesses = Likenesses()

    for start in range(0, 5000, 7):
        likenesses.add(range(start, min(start + 7, 5000)), kept[start : start + 7])

    assert [likenesses.nearest(kept[n], 0.0)[0].id for n in (0, 1023, 1024, 4999)] == [0, 1023, 1024, 4999]


def test_it_answers_while_another_thread_adds() -> None:
    kept = prints(20_000, 4)
    likenesses = index(kept[:100])
    writer = Thread(target=lambda: [likenesses.add([n], [kept[n]]) for n in range(100, 20_000)])

    writer.start()
    seen = [likenesses.nearest(kept[42], 0.0) for _ in range(100)]
    writer.join()

    assert seen == [[Match(42, 0.0)]] * 100
    assert len(likenesses) == 20_000


@pytest.mark.parametrize(("ids", "fingerprints"), [([1, 2], [bytes(SIZE)]), ([1], [b"short"])])
def test_it_refuses_what_does_not_fit(ids: list[int], fingerprints: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"fingerprint|argument"):
        Likenesses().add(ids, fingerprints)
