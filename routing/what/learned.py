"""学到的: a trained version beside the lexicon, how far it is believed, and how it is kept."""

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from routing.confidence import Curve, is_curve
from routing.what.lexicon import Guess, ranked, strength
from routing.what.model import Model, ModelError

__all__ = ["Learned", "Model", "ModelError", "read_starter"]

# Less likely than this is noise among two hundred categories.
WORTH_SAYING = 0.01
# The stretches of text shown as its reasons.
REASONS = 2
# The label of what is no problem at all: thanks, questions, nonsense. Its chance is what the others lack.
NO_PROBLEM = "none"
STARTER = "starter.model"
_HEAD = struct.Struct("<4sII")  # magic, bytes of the JSON, bytes of the model when unpacked
_MAGIC = b"LRN1"
_BYTES_AT_MOST = 64 * 1024 * 1024
_VERSION_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Learned:
    """学到的. `weight` (0..1) is how much of a chance is the model's; `curve` its own calibration.

    `version` is what decisions are marked with: a digest of all three.
    """

    model: Model
    weight: float
    curve: Curve
    version: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Name the version by its bytes, before they are packed: packing may differ between machines."""
        parts = self._settings() + self.model.version.encode()
        object.__setattr__(self, "version", sha256(parts).hexdigest()[:_VERSION_DIGITS])

    def blend(self, guesses: Sequence[Guess], text: str) -> list[Guess]:
        """The lexicon's guesses about a normalised text with the model's mixed in, the likeliest first."""
        said = strength(guesses)
        # Where the lexicon has little to say the model is believed the more.
        lexicon = (1 - self.weight) / ((1 - self.weight) * said + self.weight)
        blended = {guess.category: replace(guess, chance=lexicon * guess.chance) for guess in guesses}
        for category, likely in self.model.likely(text, WORTH_SAYING):
            if category != NO_PROBLEM:
                known = blended.get(category, Guess(category, 0.0, ()))
                blended[category] = replace(known, chance=known.chance + (1 - lexicon * said) * likely)
        return ranked(guess for guess in blended.values() if guess.chance > 0)

    def reasons(self, guess: Guess, text: str) -> Guess:
        """A guess with the stretches of text by which the model took it for the same."""
        return replace(guess, learned=tuple(self.model.reasons(text, guess.category, REASONS)))

    def to_bytes(self) -> bytes:
        """The version as bytes, to be kept in a file or a table."""
        settings, model = self._settings(), self.model.to_bytes()
        return _HEAD.pack(_MAGIC, len(settings), len(model)) + settings + zlib.compress(model, 9)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Learned":
        """The version that was kept; raises ModelError for anything else."""
        settings, model = _unpacked(data)
        try:
            corners = tuple((float(raw), float(right)) for raw, right in settings["corners"])
            weight = float(settings["weight"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"the version's settings are broken: {error!r}") from error
        if not 0 < weight <= 1 or not is_curve(corners):
            raise ModelError("the version's settings make no sense")
        return cls(Model.from_bytes(model), weight, Curve(corners))

    def _settings(self) -> bytes:
        return json.dumps({"weight": self.weight, "corners": self.curve.corners}).encode()


def _unpacked(data: bytes) -> tuple[dict[str, Any], bytes]:
    if len(data) < _HEAD.size:
        raise ModelError("too short for a trained version")
    magic, settings_size, model_size = _HEAD.unpack_from(data)
    if magic != _MAGIC or model_size > _BYTES_AT_MOST or settings_size > len(data):
        raise ModelError("these bytes are no trained version")
    packed = data[_HEAD.size + settings_size :]
    try:
        # Bounded: a few hostile bytes must not unpack into gigabytes.
        unpacking = zlib.decompressobj()
        model = unpacking.decompress(packed, model_size) + unpacking.decompress(unpacking.unconsumed_tail, 1)
        settings = json.loads(data[_HEAD.size : _HEAD.size + settings_size])
    except (zlib.error, ValueError) as error:
        raise ModelError(f"the trained version is broken: {error}") from error
    if len(model) != model_size or not unpacking.eof or unpacking.unused_data or not isinstance(settings, dict):
        raise ModelError("the trained version is cut off, or more than its head says")
    return settings, model


def read_starter(folder: Path) -> Learned | None:
    """The version a pack comes with, learnt from sentences written for the project; None where it has none.

    Raises ModelError, naming the file, for a broken one.
    """
    file = folder / STARTER
    if not file.exists():
        return None
    try:
        return Learned.from_bytes(file.read_bytes())
    except ModelError as error:
        raise ModelError(f"{'/'.join(file.resolve().parts[-3:])}: {error}") from error
