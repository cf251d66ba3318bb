"""What every reader of ramp exposures gives."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from astropy.io import fits
from numpy.typing import DTypeLike, NDArray

from rampviewer.io.saturation import Averages
from rampviewer.io.subarray import Target
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.memory.budget import Room
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.timing import Timing


class NoRampError(ValueError):
    """A sound file, of something else than ramps."""


class Stated(NamedTuple):
    """A number for all pixels that the file itself states, and a sentence on it.

    Where there is a `path`, that file counts in its place.
    """

    value: float
    note: str
    path: Path | None = None


class Source(NamedTuple):
    """What the opened file gives to its products; empty for an exposure of arrays.

    Attributes
    ----------
    hdus : fits.HDUList
        Extensions to take over; empty where the file has another layout.
    header : fits.Header
        That the primary headers of products begin with.
    raw_tree : bytes or None
        Of the ASDF extension.
    sci : fits.Header or None
        What is said about the science data.
    times : sequence of table extensions
        INT_TIMES and INT_TIMES_STRIPE, if any: of all segments of a series, of the frames
        that integrations make, or of the file.
    changes : sequence of Entry
        What is to be said otherwise than in `header` and `raw_tree`.
    """

    hdus: fits.HDUList
    header: fits.Header
    raw_tree: bytes | None
    sci: fits.Header | None = None
    times: Sequence[Any] = ()
    changes: Sequence[Any] = ()


class Ramp(Protocol):
    """A ramp exposure on disk, found sound, whose large arrays are not read yet."""

    @property
    def path(self) -> Path: ...

    @property
    def kind(self) -> str:
        """What sort of file it is, in a few words."""
        ...

    @property
    def header(self) -> fits.Header:
        """Keywords as ramp products of JWST have them, and all others of the file."""
        ...

    @property
    def sci_header(self) -> fits.Header:
        """What is said about the science data: the WCS."""
        ...

    @property
    def extensions(self) -> tuple[str, ...]:
        """Names of the parts of the file."""
        ...

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Lengths of the axes (n_ints, n_groups, n_rows, n_cols)."""
        ...

    @property
    def timing(self) -> Timing: ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what the file lacks and what stands in for it."""
        ...

    @property
    def delivered(self) -> ParameterSet | None:
        """Parameters of steps that were applied before."""
        ...

    @property
    def stated(self) -> Mapping[ReferenceKind, Stated]:
        """Gain [electron/DN] and CDS read noise [DN], where the file states them."""
        ...

    @property
    def has_flags(self) -> bool:
        """Whether it has flags of groups."""
        ...

    @property
    def is_uncalibrated(self) -> bool:
        """Whether no step was applied: it is good for a quick look only."""
        ...

    @property
    def averages(self) -> Averages:
        """The frames of each group, for the search of saturated ones."""
        ...

    @property
    def unused_pixels(self) -> NDArray[np.bool_] | None:
        """Which pixels of the frame tell nothing in any group, beside what flags say."""
        ...

    @property
    def target(self) -> Target:
        """What references are cut to."""
        ...

    def array(
        self,
        name: str,
        dtype: DTypeLike,
        room: Room,
        progress: Callable[[int], None] = lambda _n_bytes: None,
    ) -> NDArray[Any] | None:
        """Return SCI [DN], GROUPDQ, PIXELDQ, ... with JWST's axes and flags.

        None where there is no such array; `room` and `progress` are those of `read_array`.
        """
        ...
