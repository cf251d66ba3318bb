"""What was measured."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rampviewer.model.errors import ReferenceKind
from rampviewer.model.memory.budget import IN_MEMORY, Room
from rampviewer.model.memory.scratch import expect, release
from rampviewer.model.runs.bands import bands, over_bands
from rampviewer.model.settings.checks import require
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.timing import Timing

T = TypeVar("T")
F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]


class Sky(Protocol):
    """Gives right ascension and declination [degree] of a pixel, and the reverse."""

    def __call__(self, row: float, col: float) -> tuple[float, float]:
        """Return right ascension and declination."""
        ...

    def pixel(self, ra: float, dec: float) -> tuple[float, float]:
        """Return row and column; ValueError where there are none."""
        ...


class Pixel(NamedTuple):
    """A detector position inside the array, counted from 0."""

    row: int
    col: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where the gain, the read noise or the saturation level of an exposure came from.

    `gain_factor` is the GAINFACT of a gain file, None where it has none. `context` says
    whose rules chose a file of CRDS, "" where that is unknown.
    """

    kind: ReferenceKind
    source: Literal["file", "crds", "scalar", "array", "header"]
    name: str  # a path, a CRDS file name, the number as stated, or "array"
    gain_factor: float | None = None
    context: str = ""

    @classmethod
    def of_value(cls, kind: ReferenceKind, value: ArrayLike) -> "Reference":
        """Describe a value given in memory: a stated scalar or an array."""
        if np.ndim(value):
            return cls(kind=kind, source="array", name="array")
        return cls(kind=kind, source="scalar", name=str(value))

    @property
    def place(self) -> str:
        """Where the file is from any folder, "" where it is none that was given."""
        return str(Path(self.name).absolute()) if self.source == "file" else ""

    def __str__(self) -> str:
        unit = "electron/DN" if self.kind == "gain" else "DN"
        cache = f"CRDS cache, {self.context}" if self.context else "CRDS cache"
        where = {
            "file": f"{Path(self.name).name} (given)",
            "crds": f"{Path(self.name).name} ({cache})",
            "scalar": f"{self.name} {unit} (stated)",
            "header": f"{self.name} {unit} (header)",
            "array": "array in memory",
        }
        return where[self.source]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exposure:
    """One up-the-ramp exposure with its gain and read noise.

    Arrays are made C-contiguous and of native byte order here, once, so that each kernel
    is compiled once. They are never written to afterwards.

    Parameters
    ----------
    sci : (n_ints, n_groups, n_rows, n_cols) float32
        Accumulated signal [DN].
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
        Flags as delivered.
    pixeldq : (n_rows, n_cols) uint32
    gain : (n_rows, n_cols) float32
        [electron/DN]
    readnoise : (n_rows, n_cols) float32
        CDS read noise [DN].
    timing : Timing
    instrument, detector : str
        As in INSTRUME and DETECTOR.
    zeroframe : (n_ints, n_rows, n_cols) float32, optional
        First frame of each integration [DN].
    dark_current : (n_rows, n_cols) float32, optional
        Average dark current [electron/s].
    path : Path, optional
        The file it was read from; None for an exposure made of arrays.
    segments : tuple of Path
        The files of a time series that was read as one, `path` being the first.
    is_segment : bool
        Whether other segments lie beside the file that was read alone.
    is_rearranged : bool
        Whether rows of the file were left out, or integrations put together to frames.
    keywords : mapping of str to value
        Header keywords worth showing (TARGNAME, FILTER, READPATT, ...).
    gain_reference, readnoise_reference : Reference
    saturation_reference : Reference, optional
        The level that groups of an uncalibrated exposure were compared with.
    use_readpatt : bool
        Whether they were also judged by the frames that were averaged into them.
    n_pix_grow_sat : int
        How far around a saturated pixel its neighbours were flagged, too [pixel].
    skip_saturation : bool
        Whether the user wanted none of them flagged.
    quick_look : str
        What was not corrected in an exposure that is uncalibrated, as a sentence; "" for
        all others.
    notes : tuple of str
        Sentences about what the file lacked and what stands in for it.
    delivered : ParameterSet, optional
        What the steps that were applied to the file before had as parameters.
    sky : Sky, optional
        Gives right ascension and declination [degree] of a pixel (row, column).
    room : Room
        Where arrays made of it live, and how much of it is worked on at a time.

    Raises
    ------
    ValueError
        When the shapes do not fit each other.
    TypeError
        When `timing` is no Timing.
    """

    sci: F32
    groupdq: U8
    pixeldq: U32
    gain: F32
    readnoise: F32
    timing: Timing
    instrument: str = ""
    detector: str = ""
    zeroframe: F32 | None = None
    dark_current: F32 | None = None
    path: Path | None = None
    segments: tuple[Path, ...] = ()
    is_segment: bool = False
    is_rearranged: bool = False
    keywords: Mapping[str, Any] = field(default_factory=dict)
    gain_reference: Reference = Reference(kind="gain", source="array", name="array")
    readnoise_reference: Reference = Reference(
        kind="readnoise", source="array", name="array"
    )
    saturation_reference: Reference | None = None
    use_readpatt: bool = True
    n_pix_grow_sat: int = 1
    skip_saturation: bool = False
    quick_look: str = ""
    notes: tuple[str, ...] = ()
    delivered: ParameterSet | None = None
    sky: Sky | None = None
    room: Room = IN_MEMORY

    def __post_init__(self) -> None:
        require("timing", self.timing, Timing, "Timing(frame_time=10.7, group_time=21.5)")
        sci = np.asarray(self.sci)
        if sci.ndim != 4 or 0 in sci.shape:
            raise ValueError(
                "sci must have the axes (n_ints, n_groups, n_rows, n_cols), "
                f"got the shape {sci.shape}"
            )
        n_ints, _, *frame = sci.shape
        wanted: dict[str, tuple[type, tuple[int, ...]]] = {
            "sci": (np.float32, sci.shape),
            "groupdq": (np.uint8, sci.shape),
            "pixeldq": (np.uint32, tuple(frame)),
            "gain": (np.float32, tuple(frame)),
            "readnoise": (np.float32, tuple(frame)),
            "zeroframe": (np.float32, (n_ints, *frame)),
            "dark_current": (np.float32, tuple(frame)),
        }
        for name, (dtype, shape) in wanted.items():
            value = getattr(self, name)
            if value is None:
                continue
            if np.shape(value) != shape:
                raise ValueError(
                    f"{name} has the shape {np.shape(value)}, "
                    f"but sci {sci.shape} needs {shape}"
                )
            # A read-only array is another type to a kernel, which would be compiled again.
            array: NDArray[Any] = np.require(
                np.ascontiguousarray(value, dtype), requirements=["C", "W"]
            )
            object.__setattr__(self, name, array)
        object.__setattr__(self, "instrument", self.instrument.upper())
        object.__setattr__(self, "keywords", MappingProxyType(dict(self.keywords)))

    @classmethod
    def from_arrays(
        cls,
        sci: "ArrayLike",
        groupdq: "ArrayLike",
        pixeldq: "ArrayLike",
        gain: "ArrayLike",
        readnoise: "ArrayLike",
        timing: Timing,
        instrument: str = "",
        **more: Any,
    ) -> "Exposure":
        """Make an exposure of arrays of any byte order and layout.

        Parameters
        ----------
        sci : (n_ints, n_groups, n_rows, n_cols) array_like
            Accumulated signal [DN].
        groupdq : (n_ints, n_groups, n_rows, n_cols) array_like of uint8
            Flags of the groups.
        pixeldq : (n_rows, n_cols) array_like of uint32
            Flags of the pixels.
        gain : (n_rows, n_cols) array_like or float
            [electron/DN]
        readnoise : (n_rows, n_cols) array_like or float
            CDS read noise [DN].
        timing : Timing
        instrument : str
            As in INSTRUME; "MIRI" has groups trimmed that no ramp can use.
        **more
            Other parameters of `Exposure`, such as `zeroframe`.

        Returns
        -------
        exposure : Exposure

        Raises
        ------
        ValueError, TypeError
            When the shapes do not fit each other, or `timing` is no Timing.
        """
        cube = np.asarray(sci)
        frame = cube.shape[-2:]
        references = {
            "gain_reference": Reference.of_value("gain", gain),
            "readnoise_reference": Reference.of_value("readnoise", readnoise),
        }
        return cls(
            sci=cube,
            groupdq=np.asarray(groupdq),
            pixeldq=np.asarray(pixeldq),
            gain=_plane("gain", gain, frame),
            readnoise=_plane("readnoise", readnoise, frame),
            timing=timing,
            instrument=instrument,
            **{**references, **more},
        )

    def __repr__(self) -> str:
        sizes = zip(("ints", "groups", "rows", "cols"), self.sci.shape, strict=True)
        parts = (
            self.name,
            f"{self.instrument} {self.detector}".strip(),
            " ".join(f"n_{name}={size}" for name, size in sizes),
            f"gain {self.gain_reference}",
            f"readnoise {self.readnoise_reference}",
        )
        return f"<Exposure {', '.join(filter(None, parts))}>"

    def bands(self, n_threads: int) -> list[tuple[int, int]]:
        """Return (start, stop) of the bands of rows to work on, in order.

        Parameters
        ----------
        n_threads : int
        """
        usual = bands(self.n_rows)
        most = self.room.rows_per_band(self.shape, n_threads)
        return usual if usual[0][1] <= most else bands(self.n_rows, most)

    def over_bands(
        self,
        work: Callable[[int, int], T],
        n_threads: int,
        is_cancelled: Callable[[], bool] = lambda: False,
        *,
        tasks: list[tuple[int, int]] | None = None,
        made: Sequence[NDArray[Any] | None] = (),
    ) -> Generator[T, None, None]:
        """Yield what `work(start, stop)` returns for every band of rows; see `over_bands`.

        Parameters
        ----------
        work : callable
        n_threads : int
        is_cancelled : callable
        tasks : list of (start, stop), optional
            The bands in another order than that of `bands`.
        made : sequence of array or None
            Arrays that the work writes to: with those of the exposure, their pages are
            released after every band, if they live in scratch files.
        """
        tasks = self.bands(n_threads) if tasks is None else tasks
        n_threads = self.room.n_threads(self.shape, n_threads)
        if not self.room.on_disk:
            yield from over_bands(work, tasks, n_threads, is_cancelled)
            return
        arrays = (self.sci, self.groupdq, self.zeroframe, *made)

        def fetched(start: int, stop: int) -> T:
            self.expect(start, stop, made)
            return work(start, stop)

        try:
            for item in over_bands(fetched, tasks, n_threads, is_cancelled):
                release(*arrays)
                yield item
        finally:
            release(*arrays)

    def expect(
        self, start: int, stop: int, made: Sequence[NDArray[Any] | None] = ()
    ) -> None:
        """Have rows `start` to `stop` (exclusive) fetched that live in scratch files.

        Those of the arrays in `made`, too.
        """
        for array in (self.sci, self.groupdq, self.zeroframe, *made):
            if array is not None:
                expect(array[..., start:stop, :])

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Lengths of the axes (n_ints, n_groups, n_rows, n_cols)."""
        n_ints, n_groups, n_rows, n_cols = self.sci.shape
        return n_ints, n_groups, n_rows, n_cols

    @property
    def n_ints(self) -> int:
        """Number of integrations."""
        return int(self.sci.shape[0])

    @property
    def n_groups(self) -> int:
        """Number of groups in each integration."""
        return int(self.sci.shape[1])

    @property
    def n_rows(self) -> int:
        """Number of rows of pixels."""
        return int(self.sci.shape[2])

    @property
    def n_cols(self) -> int:
        """Number of columns of pixels."""
        return int(self.sci.shape[3])

    @property
    def name(self) -> str:
        """File name, for the screen."""
        if self.path is None:
            return "exposure in memory"
        n = len(self.segments)
        return f"{self.path.name} and {n - 1} more" if n > 1 else self.path.name

    @property
    def references(self) -> tuple[Reference, ...]:
        """Where everything came from that was not measured."""
        found = (self.gain_reference, self.readnoise_reference, self.saturation_reference)
        return tuple(reference for reference in found if reference is not None)


def _plane(name: str, value: ArrayLike, frame: tuple[int, ...]) -> NDArray[np.float32]:
    """Return a number as a whole frame, and an array as it is."""
    try:
        array = np.asarray(value, np.float32)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number or an array, got {value!r}") from None
    return np.full(frame, array.item(), np.float32) if array.size == 1 else array
