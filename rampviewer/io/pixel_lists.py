"""Lists of pixels as small text files."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from rampviewer.io.atomic import write_whole
from rampviewer.model.exposure import Pixel

HEAD: Final = "# pixels of rampviewer: x and y count from 0, (0, 0) is the lower left one"
LARGEST: Final = 1 << 20  # of a list [byte]


def write_pixels(path: Path, pixels: Iterable[Pixel]) -> None:
    """Write a list as CSV with the columns x and y; a file that is there is replaced.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    lines = [HEAD, "x,y", *(f"{pixel.col},{pixel.row}" for pixel in pixels), ""]
    text = "\n".join(lines).encode()

    def write(stream: BinaryIO) -> None:
        stream.write(text)

    write_whole({path: write})


def read_pixels(path: Path) -> tuple[Pixel, ...]:
    """Read a list of pixels.

    Parameters
    ----------
    path : Path
        Text with one pixel a line: x and y, with a comma, a semicolon, a tab or blanks
        between them. Lines that begin with # and empty ones do not count. A first line of
        names says which columns are x and y, so that tables of jumps are lists as well.

    Raises
    ------
    ValueError
        When a line is no pixel, or there is none; the sentence names the file and line.
    OSError
        When the file cannot be read.
    """
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path.name} is too large for a list of pixels")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not a text file") from None
    columns, pixels = (0, 1), list[Pixel]()
    for number, cells in _rows(text):
        if not pixels and not _is_number(cells[0]):
            columns = _columns(path, number, cells)
        else:
            pixels.append(_pixel(path, number, cells, columns))
    if not pixels:
        raise ValueError(f"{path.name} holds no pixel: each line should be x,y")
    return tuple(dict.fromkeys(pixels))


def _rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the number of each line that counts, from 1, and its cells."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        mark = next((mark for mark in ",;\t" if mark in line), "")
        cells = next(csv.reader([line], delimiter=mark)) if mark else line.split()
        yield number, [cell.strip() for cell in cells]


def _columns(path: Path, number: int, names: Sequence[str]) -> tuple[int, int]:
    known = [name.lower() for name in names]
    if "x" not in known or "y" not in known:
        raise ValueError(f"{path.name}, line {number}: there are no columns x and y")
    return known.index("x"), known.index("y")


def _pixel(
    path: Path, number: int, cells: Sequence[str], columns: tuple[int, int]
) -> Pixel:
    try:
        x, y = (float(cells[column]) for column in columns)
    except (IndexError, ValueError):
        given = ",".join(cells)[:40]
        raise ValueError(f"{path.name}, line {number}: {given!r} is no pixel x,y") from None
    if not (x.is_integer() and y.is_integer() and x >= 0 and y >= 0):
        raise ValueError(
            f"{path.name}, line {number}: x and y must be whole numbers from 0"
        )
    return Pixel(int(y), int(x))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
