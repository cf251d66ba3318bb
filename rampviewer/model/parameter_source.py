"""Where the parameters in use come from, in words."""

from dataclasses import dataclass, field
from typing import Self

from rampviewer.model.parameter_set import ParameterSet
from rampviewer.model.parameters import JumpParameters, RampFitParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSource:
    """The parameters that were taken over as a whole last.

    Without arguments, the defaults of the official steps.
    """

    name: str = "defaults"
    jump: JumpParameters = field(default_factory=JumpParameters)
    fit: RampFitParameters = field(default_factory=RampFitParameters)

    @classmethod
    def of(
        cls, found: ParameterSet, jump: JumpParameters, fit: RampFitParameters
    ) -> Self:
        """Return what a set makes of the parameters in use."""
        jump, fit = found.applied_to(jump, fit)
        return cls(name=found.name, jump=jump, fit=fit)

    def words(self, jump: JumpParameters, fit: RampFitParameters) -> str:
        """Return the name of the parameters in use, and whether they were edited since."""
        if (jump, fit) == (self.jump, self.fit):
            return self.name
        if (jump, fit) == (JumpParameters(), RampFitParameters()):
            return ParameterSource().name
        return f"{self.name}, edited"
