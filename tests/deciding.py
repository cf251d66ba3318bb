"""How jump detection decides for one pixel."""

from rampviewer.core.facts import ExposureFacts
from rampviewer.model.pixel.pixel_decision import decide_pixel
from rampviewer.model.runs.jump_detection import jump_settings


def decision_at(exposure, pixel, parameters, keep_delivered=True, *, facts=None):
    """Return the decision with the settings that parameters come to; see `decide_pixel`."""
    facts = facts or ExposureFacts.of(exposure.groupdq, exposure.gain)
    settings = jump_settings(facts, exposure.timing, parameters, keep_delivered)
    return decide_pixel(exposure, pixel, parameters, settings)
