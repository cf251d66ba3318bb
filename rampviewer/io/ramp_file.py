"""Ramp exposures on disk: what is in a file, checked, before its large arrays are read."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from astropy.io import fits
from numpy.typing import DTypeLike, NDArray

from rampviewer.io.asdf_tree import raw_bytes, read_tree
from rampviewer.io.delivered_parameters import delivered_parameters
from rampviewer.io.fits_file import find, find_image, open_fits, read_array
from rampviewer.io.irs2 import FULL, rows_in_file, science_rows, trimmed
from rampviewer.io.keywords import read_timing
from rampviewer.io.own_products import (
    product_notes,
    stamps_of_product,
    stated_by_product,
)
from rampviewer.io.quick_look import is_uncalibrated, refuse_guide_star
from rampviewer.io.readers.asdf_arrays import is_asdf
from rampviewer.io.readers.choice import foreign_ramp
from rampviewer.io.readers.interface import Ramp, Stated
from rampviewer.io.readers.roman_l1 import roman_ramp
from rampviewer.io.saturation import Averages
from rampviewer.io.subarray import Target
from rampviewer.io.superstripes import Superstripes
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.memory.budget import Room
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.timing import Timing

DARK_CURRENT: Final = "AVDRKCUR"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RampFile:
    """A ramp exposure on disk, found sound, whose large arrays are not read yet."""

    path: Path
    hdus: fits.HDUList
    header: fits.Header
    shape: tuple[int, int, int, int]  # (n_ints, n_groups, n_rows, n_cols)
    rows: NDArray[np.intp] | None  # those of the frame in the file that are used; None: all
    timing: Timing
    notes: tuple[str, ...]
    delivered: ParameterSet | None  # of steps that were applied before
    stated: Mapping[ReferenceKind, Stated]  # by a product of ours
    turns: Superstripes | None = None  # that its integrations make frames by
    header_of_file: fits.Header | None = None  # before that

    unused_pixels = None

    @property
    def kind(self) -> str:
        return f"ramp exposure ({self.header.get('DATAMODL') or 'no DATAMODL keyword'})"

    @property
    def sci_header(self) -> fits.Header:
        return self.hdus["SCI"].header

    @property
    def extensions(self) -> tuple[str, ...]:
        return tuple(hdu.name for hdu in self.hdus[1:])

    @property
    def has_flags(self) -> bool:
        return find_image(self.hdus, "GROUPDQ") is not None

    @property
    def target(self) -> Target:
        return Target(self.path, self.header, (self.shape[2], self.shape[3]))

    @property
    def is_uncalibrated(self) -> bool:
        return is_uncalibrated(self.path, self.header)

    @property
    def is_rearranged(self) -> bool:
        """Whether its frames are others than those in the file."""
        return self.rows is not None or self.turns is not None

    @property
    def averages(self) -> Averages:
        is_irs2 = self.rows is not None
        return Averages.of_pattern(self.shape[1], self.timing.n_frames, is_irs2=is_irs2)

    def array(
        self,
        name: str,
        dtype: DTypeLike,
        room: Room,
        progress: Callable[[int], None] = lambda _n_bytes: None,
    ) -> NDArray[Any] | None:
        """Return the data of an extension in native byte order, None where it is absent.

        Parameters
        ----------
        name : str
        dtype : data type
        room, progress
            As of `read_array`.
        """
        data = self.as_read(name, dtype, room, progress)
        if self.turns is None:
            return data
        return self.turns.array(name, data, room)

    def as_read(
        self,
        name: str,
        dtype: DTypeLike,
        room: Room,
        progress: Callable[[int], None] = lambda _n_bytes: None,
    ) -> NDArray[Any] | None:
        """Return the same before integrations are put together to frames."""
        hdu = find_image(self.hdus, name)
        if hdu is None or not hdu.shape:
            return None
        return read_array(self.path, hdu, dtype, room, progress, self.rows)


@contextmanager
def open_ramp(path: str | os.PathLike[str]) -> Iterator[Ramp]:
    """Give a ramp exposure whose axes and timing were checked; its content says what it is.

    Raises
    ------
    ValueError, OSError
        As `read_exposure`.
    """
    path = Path(path)
    if is_asdf(path):
        yield roman_ramp(path)
        return
    with open_fits(path) as hdus:
        yield foreign_ramp(path, hdus) or _jwst_ramp(path, hdus)


def _jwst_ramp(path: Path, hdus: fits.HDUList) -> RampFile:
    refuse_guide_star(path, hdus[0].header)
    whole = _ramp_shape(path, hdus)
    of_file = _merged_header(hdus)
    turns = Superstripes.of_header(path, of_file, whole)
    _check_axes(path, hdus, whole, 0 if turns is None else turns.n_positions)
    header = of_file if turns is None else turns.header(of_file)
    shape, rows = _used(path, of_file, whole)
    read_times = None
    if turns is not None:
        shape, read_times = _shape_put_together(path, turns), turns.read_times(of_file)
    tree = read_tree(raw_bytes(hdus))
    return RampFile(
        path=path,
        hdus=hdus,
        header=header,
        shape=shape,
        rows=rows,
        timing=replace(
            read_timing(path, header, read_times or _read_times(tree)),
            stamps=stamps_of_product(tree, shape[1]),
        ),
        notes=(*_notes(path, hdus, header, whole, turns), *product_notes(header, tree)),
        delivered=delivered_parameters(hdus[0].header, tree),
        stated=MappingProxyType(stated_by_product(header, tree)),
        turns=turns,
        header_of_file=None if turns is None else of_file,
    )


def _shape_put_together(path: Path, turns: Superstripes) -> tuple[int, int, int, int]:
    if turns.whole[0] < 1:
        raise ValueError(
            f"{path.name} has {turns.shape[0]} integrations, fewer than the "
            f"{turns.n_positions} positions of the detector that make a frame (SSTR_NST)"
        )
    return turns.whole


def _ramp_shape(path: Path, hdus: fits.HDUList) -> tuple[int, int, int, int]:
    hdu = find(hdus, "SCI")
    if hdu is None:
        names = ", ".join(extension.name for extension in hdus[1:] if extension.name)
        raise ValueError(
            f"{path.name} is not a ramp exposure: it has no SCI extension"
            + (f" (it has {names})" if names else "")
        )
    if find_image(hdus, "SCI") is None:
        raise ValueError(
            f"{path.name} is not a ramp exposure: its SCI extension is no image"
        )
    shape = tuple(hdu.shape)
    if len(shape) != 4 or 0 in shape:
        model = hdus[0].header.get("DATAMODL")
        raise ValueError(
            f"{path.name} is not a ramp exposure: its SCI extension has the shape {shape}, "
            "a ramp has (integrations, groups, rows, columns)"
            + (f"; its header calls it {model}" if model else "")
        )
    return shape


def _used(
    path: Path, header: fits.Header, whole: tuple[int, int, int, int]
) -> tuple[tuple[int, int, int, int], NDArray[np.intp] | None]:
    """Return the shape of what is used of an exposure, and the rows it is made of."""
    rows = rows_in_file(path, header, whole)
    n_ints, n_groups, n_rows, n_cols = trimmed(whole, rows)
    return (n_ints, n_groups, n_rows, n_cols), rows


def _check_axes(
    path: Path, hdus: fits.HDUList, shape: tuple[int, int, int, int], n_positions: int
) -> None:
    n_ints, _, n_rows, n_cols = shape
    wanted: dict[str, tuple[int, ...]] = {
        "GROUPDQ": shape,
        "PIXELDQ": (*([n_positions] if n_positions else []), n_rows, n_cols),
        "ZEROFRAME": (n_ints, n_rows, n_cols),
        DARK_CURRENT: (n_rows, n_cols),
    }
    for name, need in wanted.items():
        hdu = find_image(hdus, name)
        if hdu is not None and hdu.shape and tuple(hdu.shape) != need:
            raise ValueError(
                f"{path.name} has axes that disagree: {name} has the shape "
                f"{tuple(hdu.shape)}, but SCI {shape} needs {need}"
            )


def _merged_header(hdus: fits.HDUList) -> fits.Header:
    """Return the primary header, completed by keywords that only SCI has."""
    header = hdus[0].header.copy()
    header.extend(hdus["SCI"].header, unique=True, strip=True)
    return header


def _read_times(tree: dict[str, Any]) -> Any:
    node: Any = tree
    for key in ("meta", "exposure", "read_times"):
        node = node.get(key) if isinstance(node, dict) else None
    return node


def _notes(
    path: Path,
    hdus: fits.HDUList,
    header: fits.Header,
    shape: tuple[int, int, int, int],
    turns: Superstripes | None,
) -> Iterable[str]:
    flags = {name: find_image(hdus, name) for name in ("GROUPDQ", "PIXELDQ")}
    absent = [name for name, hdu in flags.items() if hdu is None or not hdu.shape]
    if science_rows(header, shape) is not None:
        yield (
            f"Reference pixels between the rows (IRS2) are left out: {FULL} rows of "
            f"{shape[2]} are used."
        )
    if turns is not None:
        yield turns.note
    for name in [] if is_uncalibrated(path, header) else absent:  # as it should be there
        yield f"There is no {name} extension: every flag counts as unset."
    stated = header.get("NGROUPS")
    if turns is None and stated not in (None, "") and stated != shape[1]:
        yield f"NGROUPS says {stated}, SCI has {shape[1]} groups; SCI counts."
