"""The reference: `stcal` called as the official jump step calls it."""

import warnings
from types import SimpleNamespace

import numpy as np
from stcal.jump.jump import detect_jumps_data
from stcal.jump.jump_class import JumpData
from stdatamodels.jwst.datamodels import dqflags

from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import Timing


def reference_jumps(
    sci, groupdq, pixeldq, gain, readnoise, timing: Timing, parameters=None
):
    """Return (groupdq, pixeldq, n_primary) of the official step; inputs are copied."""
    return reference_with_events(
        sci, groupdq, pixeldq, gain, readnoise, timing, parameters
    )[:3]


def reference_with_events(
    sci, groupdq, pixeldq, gain, readnoise, timing: Timing, parameters=None
):
    """Do the same and return the number of large events after these."""
    model = SimpleNamespace(
        data=np.array(sci, np.float32),
        groupdq=np.array(groupdq, np.uint8),
        pixeldq=np.array(pixeldq, np.uint32),
        meta=SimpleNamespace(
            exposure=SimpleNamespace(
                nframes=timing.n_frames, read_pattern=timing.read_times
            )
        ),
    )
    if model.data.shape[1] <= 2:
        return model.groupdq, model.pixeldq, 0, 0
    data = JumpData(
        model, np.array(gain, np.float32), np.array(readnoise, np.float32), dqflags.pixel
    )
    set_parameters(data, parameters or JumpParameters(), timing.group_time)
    with warnings.catch_warnings():
        # All-NaN pixels and overflows are as they are; numpy says so each time.
        warnings.simplefilter("ignore", RuntimeWarning)
        flags, pixel_flags, n_primary, n_events = detect_jumps_data(data)
    return flags, pixel_flags, int(n_primary), int(n_events)


def set_parameters(data: JumpData, p: JumpParameters, group_time: float) -> None:
    data.set_detection_settings(
        p.rejection_threshold,
        p.three_group_rejection_threshold,
        p.four_group_rejection_threshold,
        p.max_jump_to_flag_neighbors,
        p.min_jump_to_flag_neighbors,
        p.flag_4_neighbors,
    )
    data.set_after_jump(
        p.after_jump_flag_dn1,
        int(p.after_jump_flag_time1 // group_time),
        p.after_jump_flag_dn2,
        int(p.after_jump_flag_time2 // group_time),
    )
    data.set_snowball_info(
        p.expand_large_events,
        p.min_jump_area,
        p.min_sat_area,
        p.expand_factor,
        p.sat_required_snowball,
        p.min_sat_radius_extend,
        p.sat_expand * 2,
        p.edge_size,
    )
    data.set_shower_info(
        p.find_showers,
        p.extend_snr_threshold,
        p.extend_min_area,
        p.extend_inner_radius,
        p.extend_outer_radius,
        p.extend_ellipse_expand_ratio,
        p.min_diffs_single_pass,
        2 * p.max_extended_radius,
    )
    data.set_sigma_clipping_info(
        p.minimum_groups, p.minimum_sigclip_groups, p.only_use_ints
    )
    data.max_cores = "1"
    data.grps_masked_after_shower = int(p.time_masked_after_shower // group_time)
    data.mask_persist_grps_next_int = p.mask_snowball_core_next_int
    data.persist_grps_flagged = int(p.snowball_time_masked_next_int // group_time)
    if p.use_max_shower_amplitude:  # the step leaves what the data came with
        data.max_shower_amplitude = p.max_shower_amplitude
    data.max_shower_amplitude = data.max_shower_amplitude * group_time
