"""What there is to draw of an exposure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rampviewer.core.dq import Dq
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Run


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """What there is to draw, now.

    Attributes
    ----------
    runs : mapping of int to Run
        The complete ones by their number; `run` gives one to read from.
    settle : callable
        Waits until all their values are written.
    shown : int
        Number of the run to look at.
    base : Run or None
        What a difference is taken to.
    overlay : Dq
        Bits of GROUPDQ to draw above the image.
    """

    prepared: Prepared
    runs: Mapping[int, Run]
    settle: Callable[[], None]
    shown: int
    base: Run | None
    overlay: Dq

    def run(self, number: int) -> Run | None:
        """Return the complete run of a number with all its values, None without one."""
        self.settle()
        return self.runs.get(number)
