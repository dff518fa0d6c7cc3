"""Storage (存储): a model's bytes, read with as little trust as any other input.

    magic, version · four numbers: labels, pieces, bytes of the labels, bytes of the pieces
    two sharpness figures · labels (JSON) · pieces (lines) · worth, scales, bias (float32) · planes (int8)

All numbers are little-endian. The length of the whole follows from the head, and is checked first.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.what.features import PIECE_LENGTHS, Floats

MAGIC = b"WHAT"
FORMAT = 1
# More than any city has, and little enough to be read into any machine's memory.
LABELS_AT_MOST = 2_000
PIECES_AT_MOST = 400_000
CELLS_AT_MOST = 12_000_000
LABEL_BYTES_AT_MOST = 1_000_000
# Figures beyond these never come out of learning, and could overflow in use.
FIGURE_AT_MOST = 1e6
SHARPNESS_AT_MOST = 1e3
_BYTES_PER_PIECE = 4 * max(PIECE_LENGTHS) + 1
_HEAD = struct.Struct("<4sHIIIIff")


class ModelError(ValueError):
    """Bytes that are no model, or one of a version this program does not know; says which."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What is kept of a model; see Model for the meaning."""

    labels: tuple[str, ...]
    words: Sequence[str]
    sharpness: tuple[float, float]
    worth: Floats
    scales: Floats
    bias: Floats
    planes: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _Sizes:
    labels: int
    pieces: int
    label_bytes: int
    piece_bytes: int

    def total(self) -> int:
        floats = 2 * self.pieces + self.labels
        return _HEAD.size + self.label_bytes + self.piece_bytes + 4 * floats + self.pieces * self.labels

    def are_sane(self) -> bool:
        return (
            2 <= self.labels <= LABELS_AT_MOST
            and self.pieces <= PIECES_AT_MOST
            and self.pieces * self.labels <= CELLS_AT_MOST
            and self.label_bytes <= LABEL_BYTES_AT_MOST
            and self.piece_bytes <= self.pieces * _BYTES_PER_PIECE
        )


def pack(model: Stored) -> bytes:
    """A model as bytes; the same model always gives the same bytes."""
    labels = json.dumps(model.labels).encode("ascii")
    words = "\n".join(model.words).encode("utf-8")
    head = _HEAD.pack(MAGIC, FORMAT, len(model.labels), len(model.words), len(labels), len(words), *model.sharpness)
    floats = [part.astype("<f4").tobytes() for part in (model.worth, model.scales, model.bias)]
    return b"".join([head, labels, words, *floats, model.planes.tobytes()])


def unpack(data: bytes) -> Stored:
    """The model in the bytes; raises ModelError before anything large is made of broken ones."""
    sizes, sharpness = _head(data)
    rest = memoryview(data)[_HEAD.size :]
    labels, rest = _labels(bytes(rest[: sizes.label_bytes])), rest[sizes.label_bytes :]
    words, rest = _words(bytes(rest[: sizes.piece_bytes])), rest[sizes.piece_bytes :]
    if (len(labels), len(words)) != (sizes.labels, sizes.pieces):
        raise ModelError("the model's labels or pieces are not as many as its head says")
    floats = np.frombuffer(rest, "<f4", 2 * sizes.pieces + sizes.labels).astype(np.float32)
    # Written so that what is no number at all is refused too.
    if not (np.abs(floats) <= FIGURE_AT_MOST).all():
        raise ModelError("the model holds a figure that cannot be right")
    worth, scales, bias = np.split(floats, [sizes.pieces, 2 * sizes.pieces])
    planes = np.frombuffer(rest, np.int8, offset=floats.nbytes).reshape(sizes.pieces, sizes.labels)
    return Stored(
        labels=labels, words=words, sharpness=sharpness, worth=worth, scales=scales, bias=bias, planes=planes
    )


def _head(data: bytes) -> tuple[_Sizes, tuple[float, float]]:
    if len(data) < _HEAD.size:
        raise ModelError("too short for a model")
    magic, version, labels, count, label_bytes, piece_bytes, short, long = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise ModelError("these bytes are no model")
    if version != FORMAT:
        raise ModelError(f"the model has format {version}, this program reads {FORMAT}")
    sizes = _Sizes(labels, count, label_bytes, piece_bytes)
    if not sizes.are_sane():
        raise ModelError("the model claims an absurd size")
    if len(data) != sizes.total():
        raise ModelError(f"the model has {len(data)} bytes, its head says {sizes.total()}")
    if not (0 < short <= SHARPNESS_AT_MOST and 0 < long <= SHARPNESS_AT_MOST):
        raise ModelError("the model's sharpness cannot be right")
    return sizes, (short, long)


def _labels(data: bytes) -> tuple[str, ...]:
    try:
        labels = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ModelError("the model's labels cannot be read") from error
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ModelError("the model's labels are not words")
    if len(set(labels)) != len(labels):
        raise ModelError("a label stands twice in the model")
    return tuple(labels)


def _words(data: bytes) -> tuple[str, ...]:
    try:
        words = data.decode("utf-8").split("\n") if data else []
    except UnicodeDecodeError as error:
        raise ModelError("the model's pieces cannot be read") from error
    if len(set(words)) != len(words):
        raise ModelError("a piece stands twice in the model")
    return tuple(words)
