"""Looks (观感): what the pixels tell of how a picture was made. Nothing here refuses; it only makes people look."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

from PIL import Image


class Facts(Protocol):
    """照片来历: what the file says of itself; empty where WeChat has taken it away."""

    @property
    def mime(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def camera(self) -> str: ...
    @property
    def software(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Looks:
    """观感: four faults, each 0 (none) to 1 (certain)."""

    dark: float = 0.0
    blurred: float = 0.0
    blank: float = 0.0
    screen: float = 0.0

    def as_json(self) -> dict[str, float]:
        """As it is kept in the table."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, float]) -> "Looks":
        """Back from the table; what is missing there counts as no fault."""
        return cls(**{name: float(kept.get(name, 0.0)) for name in cls.__slots__})


def looks(picture: Image.Image, facts: Facts) -> Looks:
    """Look at an upright RGB picture (观感), at most 2000 pixels long; never raises."""
    return Looks()
