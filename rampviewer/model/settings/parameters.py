"""What the user can turn: the parameters of both steps under their official names."""

import math
from dataclasses import dataclass, field, fields
from typing import Any


def _parameter(
    default: Any, text: str, *, unit: str = "", least: float | None = None
) -> Any:
    """Return a dataclass field that carries its own help text, unit and lower bound."""
    return field(default=default, metadata={"text": text, "unit": unit, "least": least})


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpParameters:
    """Parameters of jump detection.

    Names, meanings and defaults are those of the official jump step, to which one switch
    is added: `use_max_shower_amplitude`. The metadata of each dataclass field holds its
    sentence (`text`), `unit` and lower bound (`least`).

    Raises
    ------
    ValueError
        When a value has the wrong type or is below its bound.
    """

    rejection_threshold: float = _parameter(
        4.0, "Threshold with four or more usable differences", unit="sigma", least=0
    )
    three_group_rejection_threshold: float = _parameter(
        6.0, "Threshold with two usable differences (three groups)", unit="sigma", least=0
    )
    four_group_rejection_threshold: float = _parameter(
        5.0, "Threshold with three usable differences (four groups)", unit="sigma", least=0
    )
    flag_4_neighbors: bool = _parameter(
        True, "Flag the four neighbours of a pixel with a large jump"
    )
    max_jump_to_flag_neighbors: float = _parameter(
        1000.0, "Jumps above this flag no neighbours", unit="sigma"
    )
    min_jump_to_flag_neighbors: float = _parameter(
        10.0, "Jumps below this flag no neighbours", unit="sigma"
    )
    after_jump_flag_dn1: float = _parameter(
        0.0, "First limit: size of a jump that flags the groups after it", unit="DN"
    )
    after_jump_flag_time1: float = _parameter(
        0.0, "First limit: time flagged after such a jump", unit="s"
    )
    after_jump_flag_dn2: float = _parameter(
        0.0, "Second limit: size of a jump that flags the groups after it", unit="DN"
    )
    after_jump_flag_time2: float = _parameter(
        0.0, "Second limit: time flagged after such a jump", unit="s"
    )
    expand_large_events: bool = _parameter(False, "Find snowballs and expand their flags")
    min_sat_area: float = _parameter(
        1.0, "Least saturated area at the centre of a snowball", unit="pixel"
    )
    min_jump_area: float = _parameter(
        5.0, "Least area of jumps that counts as a large event", unit="pixel"
    )
    expand_factor: float = _parameter(2.0, "Factor by which large events are expanded")
    use_ellipses: bool = _parameter(False, "Deprecated; without effect")
    sat_required_snowball: bool = _parameter(
        True, "A snowball needs a saturated centre (except near the edge)"
    )
    min_sat_radius_extend: float = _parameter(
        2.5, "Least radius of a saturated core that is extended", unit="pixel"
    )
    sat_expand: int = _parameter(
        2, "Pixels added to the radius of a saturated core", unit="pixel"
    )
    edge_size: int = _parameter(
        25, "Nearer than this to the edge no saturated centre is required", unit="pixel"
    )
    mask_snowball_core_next_int: bool = _parameter(
        True, "Flag saturated cores of snowballs in the next integration too"
    )
    snowball_time_masked_next_int: int = _parameter(
        4000, "Time for which the cores are flagged in the next integration", unit="s"
    )
    find_showers: bool = _parameter(False, "Find showers (MIRI)")
    max_shower_amplitude: float = _parameter(
        4.0, "Largest amplitude of a shower", unit="electron/s"
    )
    use_max_shower_amplitude: bool = _parameter(
        False,
        "Let max_shower_amplitude act; the official step drops it and takes 6 electron/s",
    )
    extend_snr_threshold: float = _parameter(
        1.2, "Least signal-to-noise ratio of a shower after convolution"
    )
    extend_min_area: int = _parameter(
        90, "Least area of a shower after convolution", unit="pixel"
    )
    extend_inner_radius: float = _parameter(
        1.0, "Inner radius of the ring kernel", unit="pixel"
    )
    extend_outer_radius: float = _parameter(
        2.6, "Outer radius of the ring kernel", unit="pixel"
    )
    extend_ellipse_expand_ratio: float = _parameter(
        1.1, "Factor by which the ellipse around a shower is expanded"
    )
    time_masked_after_shower: float = _parameter(
        15.0, "Time flagged after a shower", unit="s"
    )
    min_diffs_single_pass: int = _parameter(
        10, "Differences from which all jumps are flagged in a single pass"
    )
    max_extended_radius: int = _parameter(
        200, "Largest radius of a snowball or shower", unit="pixel"
    )
    minimum_groups: int = _parameter(3, "Least number of groups for jump detection")
    minimum_sigclip_groups: int = _parameter(
        100, "Integrations (or groups) from which sigma clipping is used"
    )
    only_use_ints: bool = _parameter(
        True, "Sigma clipping compares the same group across integrations only"
    )

    def __post_init__(self) -> None:
        _validate(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class RampFitParameters:
    """Parameters of the ramp fit, named as in the official ramp fitting step.

    Raises
    ------
    ValueError
        When a value has the wrong type or is out of range.
    """

    algorithm: str = _parameter("OLS_C", "OLS_C (least squares) or LIKELY (likelihood)")
    suppress_one_group: bool = _parameter(
        True, "Give no rate to ramps whose only good group is the first"
    )
    firstgroup: int | None = _parameter(
        None, "First group used, counted from 0; earlier ones are ignored", unit="group"
    )
    lastgroup: int | None = _parameter(
        None, "Last group used, counted from 0; later ones are ignored", unit="group"
    )

    def __post_init__(self) -> None:
        _validate(self)
        if self.algorithm.upper() not in ("OLS_C", "LIKELY"):
            raise ValueError(f"algorithm must be OLS_C or LIKELY, got {self.algorithm!r}")
        object.__setattr__(self, "algorithm", self.algorithm.upper())


def _validate(parameters: Any) -> None:
    """Convert every number to the type of its default, once, and check its bound."""
    for item in fields(parameters):
        value = getattr(parameters, item.name)
        if value is None and item.default is None:
            continue
        kind = int if item.default is None else type(item.default)
        converted = _convert(item.name, value, kind)
        least = item.metadata["least"]
        if least is not None and converted < least:
            raise ValueError(f"{item.name} must be at least {least}, got {value}")
        object.__setattr__(parameters, item.name, converted)


def _convert(name: str, value: Any, kind: type) -> Any:
    wanted = {
        bool: "True or False",
        int: "a whole number",
        float: "a number",
        str: "a word",
    }
    try:
        converted = kind(value)
    except (TypeError, ValueError, OverflowError):
        converted = None
    fits = converted is not None and (isinstance(value, str) == (kind is str))
    if not fits or (kind is not str and converted != value) or _is_nan(converted):
        raise ValueError(f"{name} must be {wanted[kind]}, got {value!r}")
    return converted


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
