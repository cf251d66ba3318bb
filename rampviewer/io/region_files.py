"""Region files as DS9 writes them.

Pixels count from 1 there, from 0 here. What cannot be drawn is kept line by line, to be
written with the rest. Regions on the sky become pixels where the exposure has a WCS.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from rampviewer.io.atomic import write_whole
from rampviewer.io.sky import HeaderSky
from rampviewer.model.exposure import Sky
from rampviewer.model.regions.region import Region, RegionFile, Regions
from rampviewer.model.regions.shapes import Circle, Place, Polygon, Rectangle, Shape

if TYPE_CHECKING:
    from astropy.wcs import WCS

INSTALL: Final = (
    "region files need the package regions, which is not installed: "
    "pip install 'rampviewer[regions]'"
)
_DRAWN: Final = ("circle", "box", "polygon")
_PIXELS: Final = ("image", "physical")
_SKY: Final = ("fk5", "icrs", "fk4", "j2000", "b1950", "galactic", "ecliptic")
_SKY_NOTE: Final = "Sky coordinates were turned into pixels by the WCS of this exposure."
_NO_SKY_NOTE: Final = (
    "Regions in sky coordinates can be drawn on an exposure whose header has a WCS only."
)
_FRAME: Final = re.compile(r"image|physical|fk[45]|b1950|j2000|icrs|galactic|ecliptic|"
                           r"linear|amplifier|detector|wcs[a-z]?", re.I)  # fmt: skip
_REGION: Final = re.compile(r"(#\s*)?([+-]?)\s*([a-z_]+)\s*[(\s]\s*[-+.\d|]", re.I)
_DECIMALS: Final = 8


def read_regions(path: Path, sky: Sky | None = None) -> RegionFile:
    """Return the regions of a file.

    Parameters
    ----------
    path : Path
        As DS9 saves regions; physical coordinates are taken as those of the image.
    sky : Sky, optional
        Of an exposure as read: gives pixels to regions in coordinates of the sky.

    Raises
    ------
    ValueError
        When it holds none, is no text, or the package `regions` is missing.
    OSError
        When it cannot be read.
    """
    package = _package()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is no region file") from None
    items, others, names = [], [], []
    drawn: set[str] = set()  # frames
    wcs = sky.wcs if isinstance(sky, HeaderSky) else None
    for frame, line, kind in _lines(text):
        shape = _shape(package, frame, line, kind, wcs)
        if shape is None:
            others.append(f"{frame or 'image'}\n{line}")
            names.append(_name_of(frame, kind))
        else:
            items.append(Region(_text_of(line) or "region", shape))
            drawn.add(frame)
    if not items and not others:
        raise ValueError(f"{path.name} holds no region as DS9 writes them")
    return RegionFile(
        items=tuple(items),
        others=tuple(others),
        notes=tuple(_notes(names, drawn, has_sky=wcs is not None)),
    )


def write_regions(regions: Regions, path: Path) -> None:
    """Write regions for DS9, in image coordinates; a file that is there is replaced.

    Raises
    ------
    ValueError
        When the package `regions` is missing.
    OSError
        When the file cannot be written.
    """
    package = _package()
    whole = "\n".join([*_written(package, regions.items), *regions.others, ""])

    def write(stream: BinaryIO) -> None:
        stream.write(whole.encode())

    write_whole({path: write})


def _package() -> ModuleType:
    try:
        import regions  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise ValueError(INSTALL) from error
    module: ModuleType = regions
    return module


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield frame, line and shape of every region of a file, all as they are written."""
    frame = ""
    for line in _parts(text):
        if _FRAME.fullmatch(line):
            frame = line.lower()
        elif found := _REGION.match(line):
            kind = f"{'excluded ' if found[2] == '-' else ''}{found[3].lower()}"
            if found[1] or kind not in ("global", "tile"):
                yield frame, line, kind


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between line ends and semicolons, but for those in texts."""
    closing, part = "", ""
    for char in f"{text}\n":
        if char == "\n" or (char == ";" and not closing):
            if part.strip():
                yield part.strip()
            closing, part = "", ""
            continue
        part += char
        if closing:
            closing = "" if char == closing else closing
        elif char in "{\"'" and "#" in part:  # before it, quotes are seconds and minutes
            closing = "}" if char == "{" else char


def _shape(
    package: ModuleType, frame: str, line: str, kind: str, wcs: "WCS | None"
) -> Shape | None:
    """Return a region as a shape, None if that cannot be."""
    is_sky = frame in _SKY and wcs is not None
    if kind not in _DRAWN or not (is_sky or frame in ("", *_PIXELS)):
        return None
    from astropy.wcs import NoConvergence  # noqa: PLC0415 - as the package

    line = line.partition("#")[0].replace("||", "").strip()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what is skipped: it is kept here
        try:
            text = f"{frame if is_sky else 'image'}\n{line}"
            (found,) = package.Regions.parse(text, format="ds9")
            if not is_sky:
                return _shape_of(found)
            # With lengths in pixels, as in circle(10, 20, 3p), it is none of the sky.
            return _shape_of(found.to_pixel(wcs))
        except (ValueError, TypeError, AttributeError, NoConvergence):
            return None  # of another form than usual, or far from this part of the sky


def _shape_of(found: Any) -> Shape:
    kind = type(found).__name__
    if kind == "CirclePixelRegion":
        return Circle(float(found.center.y), float(found.center.x), float(found.radius))
    if kind == "RectanglePixelRegion":
        angle = float(found.angle.to_value("deg"))
        return Rectangle(
            float(found.center.y),
            float(found.center.x),
            float(found.height),
            float(found.width),
            angle,
        )
    if kind == "PolygonPixelRegion":
        points = zip(found.vertices.y.tolist(), found.vertices.x.tolist(), strict=True)
        return Polygon(tuple(Place(*point) for point in points))
    raise ValueError(f"{kind} cannot be drawn")


def _text_of(line: str) -> str:
    found = re.search(r"#.*?\btext\s*=\s*(?:\{([^}]*)\}|\"([^\"]*)\"|'([^']*)')", line)
    return next(filter(None, found.groups()), "").strip() if found else ""


def _name_of(frame: str, kind: str) -> str:
    return kind if frame in ("", *_PIXELS) else f"{kind} in {frame} coordinates"


def _notes(names: list[str], drawn: set[str], *, has_sky: bool) -> Iterator[str]:
    if names:
        counted = [
            f"{names.count(name)} x {name}" if names.count(name) > 1 else name
            for name in dict.fromkeys(names)
        ]
        yield f"Not drawn, but saved again with the others: {', '.join(counted)}."
    missed = (_name_of(frame, kind) for frame in _SKY for kind in _DRAWN)
    if not has_sky and not set(names).isdisjoint(missed):
        yield _NO_SKY_NOTE
    if drawn & set(_SKY):
        yield _SKY_NOTE
    if "physical" in drawn:
        yield "Physical coordinates were taken as those of the image."


def _written(package: ModuleType, items: Sequence[Region]) -> Iterator[str]:
    """Yield the lines of a file."""
    made = package.Regions([_made(package, item.shape) for item in items])
    lines = made.serialize(format="ds9", precision=_DECIMALS).splitlines()
    n_head = len(lines) - len(items)
    yield from lines[:n_head]
    # By hand: a text that all have would become a global one, and a brace would end it.
    for line, item in zip(lines[n_head:], items, strict=True):
        name = item.name.replace("{", "(").replace("}", ")")
        yield f"{line.partition('#')[0].rstrip()} # text={{{name}}}"


def _made(package: ModuleType, shape: Shape) -> Any:
    at = package.PixCoord
    if isinstance(shape, Circle):
        return package.CirclePixelRegion(at(shape.col, shape.row), shape.radius)
    if isinstance(shape, Rectangle):
        from astropy.units import deg  # noqa: PLC0415 - as the package

        return package.RectanglePixelRegion(
            at(shape.col, shape.row),
            shape.width,
            shape.height,
            shape.angle * deg,
        )
    assert isinstance(shape, Polygon)
    rows, cols = zip(*shape.corners, strict=True)
    return package.PolygonPixelRegion(at(list(cols), list(rows)))
