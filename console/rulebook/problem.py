"""问题: where an edited file does not load, for whoever edits it."""

from dataclasses import dataclass

from routing.pack import PackError


@dataclass(frozen=True, slots=True)
class Problem:
    """问题: where a text does not load. here: the line lies in the file that is being edited."""

    file: str
    line: int
    reason: str
    here: bool


def problem_of(error: PackError, file: str) -> Problem:
    """A broken pack, for whoever edits one of its files."""
    name = error.file.rpartition("/")[2]
    return Problem(name, error.line, error.reason, name == file)
