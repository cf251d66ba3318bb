"""A single call as a job."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class CallJob:
    """Calls `function` once and yields what it returns."""

    function: Callable[[], object]

    def steps(
        self, is_cancelled: Callable[[], bool], _is_outdated: Callable[[], bool]
    ) -> Iterator[object]:
        if not is_cancelled():
            yield self.function()
