"""What the official saturation step is told, by its own names."""

from typing import Any, Final

from rampviewer.model.exposure import Exposure
from rampviewer.model.settings.step_parameters import SKIP

_USUAL: Final = {
    "override_saturation": "",
    "use_readpatt": True,
    "n_pix_grow_sat": 1,
    SKIP: False,
}


def saturation_options(
    override_saturation: str = "",
    *,
    use_readpatt: bool = True,
    n_pix_grow_sat: int = 1,
    skip: bool = False,
) -> dict[str, Any]:
    """Return those options that are not as they are in the step itself."""
    told = {
        "override_saturation": override_saturation,
        "use_readpatt": use_readpatt,
        "n_pix_grow_sat": n_pix_grow_sat,
        SKIP: skip,
    }
    return {name: value for name, value in told.items() if value != _USUAL[name]}


def saturation_options_of(exposure: Exposure) -> dict[str, Any]:
    """Return what makes the step flag an uncalibrated exposure as its quick look is."""
    if not exposure.quick_look:
        return {}
    level = exposure.saturation_reference
    return saturation_options(
        "" if level is None else level.place,
        use_readpatt=exposure.use_readpatt,
        n_pix_grow_sat=exposure.n_pix_grow_sat,
        skip=exposure.skip_saturation,
    )
