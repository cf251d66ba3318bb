"""Where the parameters in use come from, in words."""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters

T = TypeVar("T", JumpParameters, RampFitParameters)
MOST = 5_000  # sets that are remembered: a drag makes many


@dataclass(frozen=True, slots=True)
class Source:
    """What the parameters of a step are called."""

    name: str = "defaults"
    is_edited: bool = False

    def __str__(self) -> str:
        return f"{self.name}, edited" if self.is_edited else self.name


DEFAULTS: Final = Source()


class StepSources(Generic[T]):
    """Knows where the parameters of one step come from.

    A set that was in use before has the name that it had then, however it comes back: by
    undo, by a pass that is cancelled, or by hand.

    Parameters
    ----------
    defaults : JumpParameters or RampFitParameters
    """

    def __init__(self, defaults: T) -> None:
        self._taken: dict[T, Source] = {defaults: DEFAULTS}  # as a whole, with a name
        self._edited: dict[T, Source] = {}
        self.now = DEFAULTS

    def take(self, name: str, parameters: T) -> None:
        """Say that a set is called so, and no other one any more."""
        source = Source(name)
        others = {p: s for p, s in self._taken.items() if s != source}
        self._taken = {**others, parameters: source}
        self._edited.pop(parameters, None)

    def show(self, parameters: T) -> None:
        """Say that a set is in use."""
        known = self._taken.get(parameters) or self._edited.get(parameters)
        self.now = known or Source(self.now.name, is_edited=True)
        if known is None:
            self._edited[parameters] = self.now
            if len(self._edited) > MOST:
                del self._edited[next(iter(self._edited))]


def source_text(jump: Source, fit: Source) -> str:
    """Return what the parameters of both steps are called."""
    if jump.name == fit.name:
        return str(Source(jump.name, jump.is_edited or fit.is_edited))
    if fit == DEFAULTS:
        return str(jump)
    return str(fit) if jump == DEFAULTS else f"jump: {jump}; ramp_fit: {fit}"
