"""An exposure with what every pass needs to know of it."""

from dataclasses import dataclass

from rampviewer.core.facts import ExposureFacts
from rampviewer.model.exposure import Exposure


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """An exposure with what is global to it, found once for all passes."""

    exposure: Exposure
    facts: ExposureFacts
    has_delivered_jumps: bool

    @classmethod
    def of(cls, exposure: Exposure) -> "Prepared":
        """Look through an exposure; takes as long as reading its flags once."""
        return cls(
            exposure=exposure,
            facts=ExposureFacts.of(exposure.groupdq, exposure.gain),
            has_delivered_jumps=exposure.has_delivered_jumps(),
        )
