"""The sets of parameters that were in use one after the other."""

from dataclasses import dataclass, fields

from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters

MOST = 200  # sets that are kept


@dataclass(frozen=True, slots=True)
class Parameters:
    """What both steps were given."""

    jump: JumpParameters
    fit: RampFitParameters

    def changes(self, before: "Parameters") -> str:
        """Return what is other than before: "rejection_threshold 4 to 3.5"."""
        parts = ((self.jump, before.jump), (self.fit, before.fit))
        texts = []
        for now, then in parts:
            for item in fields(now):
                old, new = getattr(then, item.name), getattr(now, item.name)
                if old != new:
                    texts.append(f"{item.name} {_text(old)} to {_text(new)}")
        return ", ".join(texts)


class ParameterHistory:
    """Goes back and forth between sets; a new one ends what was ahead."""

    def __init__(self, first: Parameters) -> None:
        self._sets, self._at = [first], 0

    @property
    def now(self) -> Parameters:
        return self._sets[self._at]

    def record(self, parameters: Parameters) -> None:
        """Remember a set, unless it is the one remembered last."""
        if parameters == self.now:
            return
        kept = self._sets[: self._at + 1]
        self._sets = [*kept, parameters][-MOST:]
        self._at = len(self._sets) - 1

    def step(self, n: int) -> Parameters:
        """Go back (-1) or forth (1), if there is where to; return the set there."""
        self._at = min(max(self._at + n, 0), len(self._sets) - 1)
        return self.now

    def change(self, n: int) -> str:
        """Return in words what a step would change; "" where it leads nowhere."""
        at = self._at + n
        return self._sets[at].changes(self.now) if 0 <= at < len(self._sets) else ""


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
