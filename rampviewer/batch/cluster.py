"""The same work on the workers of a Dask cluster that is there already."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from rampviewer.batch.order import Order, Outcome
from rampviewer.batch.work import process_file

INSTALL: Final = "--scheduler needs Dask: pip install 'rampviewer[dask]'"
LOST: Final = (
    "the connection to the Dask scheduler was lost; started again, the batch goes on where "
    "it ended"
)
TIMEOUT: Final = 20  # to reach the scheduler [s]


def process_on_cluster(
    paths: Sequence[Path], order: Order, address: str
) -> Iterator[Outcome]:
    """Give the outcome of each exposure as it ends on a worker.

    Workers see the files under the names that they have here. When one is lost, others take
    its exposures; what it had finished is found and not done again.

    Parameters
    ----------
    paths : sequence of Path
    order : Order
        Threads and memory are those of each worker.
    address : str
        Of the scheduler, such as tcp://host:8786.

    Raises
    ------
    ValueError
        When Dask is not installed.
    OSError
        When no scheduler answers.
    """
    try:
        import distributed  # noqa: PLC0415 - an extra
    except ImportError:
        raise ValueError(INSTALL) from None
    dask: Any = distributed
    try:
        client = dask.Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise OSError(f"no Dask scheduler answers at {address}: {error}") from error
    remote = order.anywhere(time.time())
    with _quiet(), client:
        futures = {
            client.submit(process_file, path.absolute(), remote, pure=False): path
            for path in paths
        }
        for future in dask.as_completed(futures, loop=client.loop):
            yield _outcome(futures[future], future)


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Dask write nothing: what is lost is said with the exposures that it costs."""
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _outcome(path: Path, future: Any) -> Outcome:
    """Return what a worker found; that the cluster was lost fails an exposure."""
    if future.cancelled():
        reason = LOST
    elif (error := future.exception()) is None:
        found: Outcome = future.result()
        return found
    else:
        reason = " ".join(str(error).split())
    return Outcome(path=path, state="failed", reason=f"{path}: {reason}")
