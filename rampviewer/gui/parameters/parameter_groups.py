"""Which parameters stand together, and which of them cannot act."""

from dataclasses import dataclass
from typing import Final

from rampviewer.core.likely.settings import MIN_GROUPS
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.text.number_text import many

AMPLITUDE_REASON: Final = (
    "Acts with use_max_shower_amplitude only: the official step drops it and takes "
    "6 electron/s instead."
)
SIGMA_CLIP_REASON: Final = "Never applies: sigma clipping knows rejection_threshold only."

PROCESSED_NOTE: Final = (
    "A jump step has processed this file already: saturation that it wrote for snowballs "
    "cannot be told from the detector's, and is expanded again."
)


@dataclass(frozen=True, slots=True)
class ParameterGroup:
    """Parameters under one heading; few exposures need those that are folded at first."""

    title: str
    names: tuple[str, ...]
    folded: bool = False


JUMP_GROUPS: Final = (
    ParameterGroup(
        "Thresholds",
        (
            "rejection_threshold",
            "four_group_rejection_threshold",
            "three_group_rejection_threshold",
            "min_diffs_single_pass",
            "minimum_groups",
        ),
    ),
    ParameterGroup(
        "Neighbours",
        (
            "flag_4_neighbors",
            "min_jump_to_flag_neighbors",
            "max_jump_to_flag_neighbors",
        ),
    ),
    ParameterGroup(
        "After a jump",
        (
            "after_jump_flag_dn1",
            "after_jump_flag_time1",
            "after_jump_flag_dn2",
            "after_jump_flag_time2",
        ),
    ),
    ParameterGroup("Sigma clipping", ("minimum_sigclip_groups", "only_use_ints")),
    ParameterGroup(
        "Large events: snowballs and showers",
        (
            "expand_large_events",
            "min_sat_area",
            "min_jump_area",
            "expand_factor",
            "use_ellipses",
            "sat_required_snowball",
            "min_sat_radius_extend",
            "sat_expand",
            "edge_size",
            "mask_snowball_core_next_int",
            "snowball_time_masked_next_int",
            "find_showers",
            "use_max_shower_amplitude",
            "max_shower_amplitude",
            "extend_snr_threshold",
            "extend_min_area",
            "extend_inner_radius",
            "extend_outer_radius",
            "extend_ellipse_expand_ratio",
            "time_masked_after_shower",
            "max_extended_radius",
        ),
        folded=True,
    ),
)
SNOWBALL_NAMES: Final = (
    "min_sat_area",
    "min_jump_area",
    "expand_factor",
    "sat_required_snowball",
    "min_sat_radius_extend",
    "sat_expand",
    "edge_size",
    "mask_snowball_core_next_int",
    "snowball_time_masked_next_int",
)
SHOWER_NAMES: Final = (
    "use_max_shower_amplitude",
    "extend_snr_threshold",
    "extend_min_area",
    "extend_inner_radius",
    "extend_outer_radius",
    "extend_ellipse_expand_ratio",
    "time_masked_after_shower",
)
# The switch that they wait for stands above them: no need to say so in each row.
SWITCHED: Final = frozenset({*SNOWBALL_NAMES, *SHOWER_NAMES, "max_extended_radius"})
FIT_GROUPS: Final = (
    ParameterGroup(
        "Ramp fit", ("suppress_one_group", "firstgroup", "lastgroup", "algorithm")
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What of an exposure decides which parameters act.

    `n_usable_groups` counts the groups that are not DO_NOT_USE all over the frame.
    """

    n_ints: int
    n_groups: int
    n_usable_groups: int

    @property
    def n_differences(self) -> int:
        """The most that a pixel can have over all integrations."""
        return self.n_ints * max(0, self.n_usable_groups - 1)

    def is_sigma_clipped(self, jump: JumpParameters) -> bool:
        """Return whether there are enough integrations, or groups, to sigma clip them."""
        n = self.n_ints if jump.only_use_ints else self.n_ints * self.n_usable_groups
        return self.n_groups >= 3 and n >= jump.minimum_sigclip_groups


def idle_reasons(shape: Shape | None, jump: JumpParameters) -> dict[str, str]:
    """Return why each parameter that cannot act does not, by name."""
    reasons = {"use_ellipses": "Deprecated; without effect."} | _large_reasons(jump)
    if not jump.flag_4_neighbors:
        limits = ("min_jump_to_flag_neighbors", "max_jump_to_flag_neighbors")
        reasons |= dict.fromkeys(limits, "Acts with flag_4_neighbors only.")
    if shape is not None:
        reasons |= _shape_reasons(shape, jump) | _fit_reasons(shape)
    return reasons


def _fit_reasons(shape: Shape) -> dict[str, str]:
    if (n := shape.n_groups) >= MIN_GROUPS:
        return {}
    text = (
        f"The likelihood fit needs {MIN_GROUPS} groups, this exposure has "
        f"{many(n, 'group')}: it is fitted by OLS_C whatever stands here."
    )
    return {"algorithm": text}


def _large_reasons(jump: JumpParameters) -> dict[str, str]:
    reasons = {}
    if not jump.use_max_shower_amplitude:
        reasons["max_shower_amplitude"] = AMPLITUDE_REASON
    if not jump.expand_large_events:
        reasons |= dict.fromkeys(SNOWBALL_NAMES, "Acts with expand_large_events only.")
    if not jump.find_showers:
        names = (*SHOWER_NAMES, "max_shower_amplitude")
        reasons |= dict.fromkeys(names, "Acts with find_showers only.")
    if not (jump.expand_large_events or jump.find_showers):
        text = "Acts with expand_large_events or find_showers only."
        reasons["max_extended_radius"] = text
    return reasons


def _shape_reasons(shape: Shape, jump: JumpParameters) -> dict[str, str]:
    usable = shape.n_usable_groups
    if shape.is_sigma_clipped(jump):
        names = [name for name in JUMP_GROUPS[0].names if name != "rejection_threshold"]
        return dict.fromkeys(names, SIGMA_CLIP_REASON)
    reasons = _sigma_clip_reasons(shape, jump)
    if usable < 3:
        text = f"Jump detection needs 3 usable groups, this exposure has {usable}."
        names = [name for group in JUMP_GROUPS for name in group.names]
        return reasons | dict.fromkeys(names, text)
    return reasons | _threshold_reasons(shape, jump)


def _sigma_clip_reasons(shape: Shape, jump: JumpParameters) -> dict[str, str]:
    # The limit itself stays free: lowering it makes sigma clipping act.
    least, n_groups = jump.minimum_sigclip_groups, shape.n_ints * shape.n_usable_groups
    if max(shape.n_ints, n_groups) >= least:
        return {}
    text = (
        f"Sigma clipping acts from {least} integrations or groups, this exposure has "
        f"{many(shape.n_ints, 'integration')} and {n_groups} usable groups in all."
    )
    return {"only_use_ints": text}


def _threshold_reasons(shape: Shape, jump: JumpParameters) -> dict[str, str]:
    usable = shape.n_usable_groups
    if usable - 1 >= jump.min_diffs_single_pass:
        text = (
            f"Never applies: {usable} usable groups are compared in a single pass, "
            "which knows rejection_threshold only."
        )
        return {
            "four_group_rejection_threshold": text,
            "three_group_rejection_threshold": text,
        }
    needs = {4: "rejection_threshold", 3: "four_group_rejection_threshold"}
    n = shape.n_differences
    return {
        name: (
            f"Never applies: {usable} usable groups in {many(shape.n_ints, 'integration')} "
            f"give {n} differences, it needs {least}."
        )
        for least, name in needs.items()
        if n < least
    }
