"""The older kind of parameter files: names and values in sections."""

import re
from typing import Any

_SECTION = re.compile(r"(?P<open>\[+)\s*(?P<name>[^\[\]]+?)\s*(?P<close>\]+)\s*(#.*)?")
_VALUE = re.compile(r"(?P<name>[\w.\-]+|\"[^\"]+\"|'[^']+')\s*=\s*(?P<value>.*)")
_TEXT = re.compile(r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^,#\"']+)")


def parse_cfg(text: str) -> dict[str, Any]:
    """Return names and texts; sections in brackets are mappings of the same kind.

    Parameters
    ----------
    text : str
        Lines `name = value`; `[section]` with as many brackets as it is deep; # begins a
        comment; values with a comma are lists.

    Raises
    ------
    ValueError
        When a line is neither; it names the line.
    """
    tree: dict[str, Any] = {}
    path = [tree]
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if section := _SECTION.fullmatch(line):
            depth = len(section["open"])
            if depth != len(section["close"]) or depth > len(path):
                raise ValueError(f"line {number} is no section: {line}")
            node: dict[str, Any] = {}
            path[depth:] = [path[depth - 1].setdefault(_bare(section["name"]), node)]
        elif item := _VALUE.fullmatch(line):
            path[-1][_bare(item["name"])] = _value(item["value"], number)
        else:
            raise ValueError(f"line {number} is neither name = value nor a section: {line}")
    return tree


def _value(text: str, number: int) -> str | list[str]:
    """Return a value without quotes and comment; a list where there are commas."""
    parts, place, is_list = [], 0, False
    while place < len(text) and text[place] != "#":
        found = _TEXT.match(text, place)
        if found is None and text[place] != ",":
            raise ValueError(f"line {number} has an open quote: {text}")
        if found is None:
            is_list, place = True, place + 1
            continue
        bare = (found["bare"] or "").strip()
        if found["bare"] is None or bare:
            parts.append(bare if found["bare"] is not None else _quoted(found))
        place = found.end()
    return parts if is_list or len(parts) > 1 else "".join(parts)


def _quoted(found: "re.Match[str]") -> str:
    return str(found["double"] if found["double"] is not None else found["single"])


def _bare(name: str) -> str:
    return name.strip("\"'")
