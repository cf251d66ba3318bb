"""What the window reads and writes, on worker threads.

The libraries for files are loaded when first used: the window is on screen before them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rampviewer.gui.files.export_flow import ExportOrder
from rampviewer.gui.work.reporter import Advance, Announce
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.kernels.warm_up import Ready, warm_up
from rampviewer.model.memory.pages import make_ready
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.settings.reference_choices import CrdsState, ReferenceChoices
from rampviewer.model.sibling_ramps import Sibling
from rampviewer.model.tables.column_table import ColumnTable

if TYPE_CHECKING:
    from rampviewer.io.siblings import SiblingCube


class Loading:
    """Gets ready what takes long to load, in the order in which it is needed."""

    def steps(
        self, is_cancelled: Callable[[], bool], _is_outdated: Callable[[], bool]
    ) -> Iterator[Ready]:
        """Yield which kernels are ready."""
        for number, ready in enumerate(warm_up(is_cancelled)):
            yield ready
            if number == 0:
                _load_writer()
            if is_cancelled():
                raise CancelledError


def _load_writer() -> None:
    """Load what writing needs, so that the first export does not halt the window."""
    from rampviewer.io.asdf_tree import tree_hdu  # noqa: PLC0415 - the window comes first

    tree_hdu({}, None)


def read_prepared(
    memory_budget: int | None,
    path: Path,
    references: ReferenceChoices,
    whole_series: bool,
    announce: Announce,
    advance: Advance,
) -> Prepared:
    """Read an exposure and what is global to it."""
    # The limits of its image are found by a library that takes long to load.
    import astropy.visualization  # noqa: F401, PLC0415 - as above

    from rampviewer.io.ramp_reader import read_exposure  # noqa: PLC0415 - as above
    from rampviewer.io.sky import with_checked_sky  # noqa: PLC0415 - as above

    exposure = read_exposure(
        path,
        gain=references.gain,
        readnoise=references.readnoise,
        saturation=references.saturation,
        use_readpatt=references.use_readpatt,
        n_pix_grow_sat=references.n_pix_grow_sat,
        skip_saturation=references.skip_saturation,
        fetch_references=references.fetch,
        memory_budget=memory_budget,
        whole_series=whole_series,
        announce=announce,
        progress=advance,
    )
    prepared = Prepared.of(with_checked_sky(exposure))
    make_ready(exposure.pixeldq.shape, np.float32)  # for its image
    return prepared


def crds_state() -> CrdsState:
    """Return what is set up for references of CRDS."""
    from rampviewer.io.crds_choice import crds_state as state  # noqa: PLC0415 - as above

    return state()


def write_order(order: ExportOrder, advance: Advance) -> Sequence[Path]:
    """Write the products of an order, making its run first if need be."""
    from rampviewer.io.export import export_run  # noqa: PLC0415 - as above

    run = order.run or process_exposure(order.prepared, order.recipe, progress=advance)
    return export_run(
        order.prepared.exposure,
        replace(run, recipe=order.recipe),  # it says where the parameters come from
        order.folder,
        products=order.products,
        overwrite=order.overwrite,
        progress=advance,
    )


def write_table(table: ColumnTable, path: Path) -> None:
    """Write a table as CSV or ECSV, whichever the path ends in."""
    from rampviewer.io.tables import write_table as write  # noqa: PLC0415 - as above

    write(table, path)


def path_of(prepared: Prepared, folder: Path, product: str) -> Path:
    """Return the path of a product of an exposure in `folder`."""
    from rampviewer.io.names import product_paths  # noqa: PLC0415 - as above
    from rampviewer.io.products import named_path  # noqa: PLC0415 - as above

    path = named_path(prepared.exposure)
    return product_paths(path, folder, products=(product,))[product]


def read_pixel_list(path: Path) -> tuple[Pixel, ...]:
    """Read a list of pixels from a text file."""
    from rampviewer.io.pixel_lists import read_pixels  # noqa: PLC0415 - as above

    return read_pixels(path)


def write_pixel_list(path: Path, pixels: Sequence[Pixel]) -> None:
    """Write a list of pixels as CSV."""
    from rampviewer.io.pixel_lists import write_pixels  # noqa: PLC0415 - as above

    write_pixels(path, pixels)


def list_siblings(exposure: Exposure) -> tuple[Sibling, ...]:
    """Return the other products beside the file of an exposure."""
    from rampviewer.io.siblings import find_siblings  # noqa: PLC0415 - as above

    return find_siblings(exposure)


def open_sibling(exposure: Exposure, sibling: Sibling) -> "SiblingCube":
    """Return where the ramps of a sibling are."""
    from rampviewer.io.siblings import open_sibling as open_it  # noqa: PLC0415 - as above

    return open_it(exposure, sibling)
