"""设置文件: config.yaml as plain values: no key twice, secrets fetched from their files, paths made absolute.

Nothing that goes wrong here may show what the file says: any line of it may be a secret.
"""

from pathlib import Path
from typing import Any

import yaml


class BadSettings(Exception):
    """config.yaml cannot be used: says which file, which key and why."""


class _UniqueKeys(yaml.SafeLoader):
    """YAML lets a later key silently replace an earlier one; settings must not."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                raise _Twice(key, key_node.start_mark.line + 1)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


class _Twice(yaml.YAMLError):
    """A key that stands twice."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(f"line {line}: {key} stands twice in one block")


def read_settings(path: Path) -> dict[str, Any]:
    """The file's values, secrets in place of their files. Raises BadSettings."""
    try:
        raw = yaml.load(_text(path), Loader=_UniqueKeys)  # noqa: S506  a SafeLoader
    except yaml.YAMLError as error:
        # `from None`: the parser's own words quote the line.
        raise BadSettings(f"{path}: {_told(error)}") from None
    if not isinstance(raw, dict):
        raise BadSettings(f"{path}: must hold `key: value` lines")
    return _rooted(_with_secrets(raw, path), path)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadSettings(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadSettings(f"{path}: is not UTF-8") from None


def _told(error: yaml.YAMLError) -> str:
    if isinstance(error, _Twice):
        return str(error)
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    # What the scanner and the parser complain of is punctuation; the others name tags and anchors, which
    # is what an unquoted secret that begins with ! or * is taken for.
    told = error.problem if isinstance(error, yaml.scanner.ScannerError | yaml.parser.ParserError) else None
    return f"{where}not valid YAML: {told or type(error).__name__}"


def _with_secrets(node: Any, path: Path, where: str = "") -> Any:
    """Replace every x_file by x read from that file; refuse both together."""
    if isinstance(node, list):
        return [_with_secrets(item, path, f"{where}.{n}") for n, item in enumerate(node)]
    if not isinstance(node, dict):
        return node
    read: dict[Any, Any] = {}
    for key, value in node.items():
        here = f"{where}.{key}".strip(".")
        if isinstance(key, str) and key.endswith("_file"):
            name = key.removesuffix("_file")
            if name in node:
                raise BadSettings(f"{path}: {here}: give {name} or {key}, not both")
            read[name] = _secret_from(path, here, value)
        else:
            read[key] = _with_secrets(value, path, here)
    return read


def _secret_from(path: Path, where: str, value: Any) -> str:
    file = path.parent / str(value)
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSettings(f"{path}: {where}: cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadSettings(f"{path}: {where}: {file} is not UTF-8") from None
    if not secret:
        raise BadSettings(f"{path}: {where}: {file} is empty")
    return secret


def _rooted(raw: dict[str, Any], path: Path) -> dict[str, Any]:
    """Make the folders and an SQLite file relative to the settings file, wherever the program is started."""
    rooted = dict(raw)
    for key in ("data", "photos"):
        if isinstance(rooted.get(key), str):
            rooted[key] = path.parent / rooted[key]
    database = rooted.get("database")
    if isinstance(database, str) and database.startswith("sqlite:///") and not database.startswith("sqlite:////"):
        rooted["database"] = f"sqlite:///{(path.parent / database.removeprefix('sqlite:///')).resolve()}"
    return rooted
