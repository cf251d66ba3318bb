"""Where the parameters in use come from, in words."""

from dataclasses import dataclass, field
from typing import Self

from rampviewer.model.parameter_set import ParameterSet
from rampviewer.model.parameters import JumpParameters, RampFitParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSource:
    """Parameters that were taken over as a whole, with a name.

    Without arguments, the defaults of the official steps.
    """

    name: str = "defaults"
    jump: JumpParameters = field(default_factory=JumpParameters)
    fit: RampFitParameters = field(default_factory=RampFitParameters)

    @classmethod
    def of(cls, found: ParameterSet, jump: JumpParameters, fit: RampFitParameters) -> Self:
        """Return what a set makes of the parameters in use."""
        jump, fit = found.applied_to(jump, fit)
        return cls(name=found.name, jump=jump, fit=fit)

    def is_of(self, jump: JumpParameters, fit: RampFitParameters) -> bool:
        """Return whether these are the parameters."""
        return (jump, fit) == (self.jump, self.fit)
