from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.facts import ExposureFacts
from rampviewer.core.jump import SIGMA_CLIP, TOO_FEW_GROUPS, detect_rows
from rampviewer.core.jump.row_block import even_rows
from rampviewer.core.origin import Origin
from rampviewer.model.runs.jump_detection import jump_settings
from rampviewer.model.settings.parameters import JumpParameters
from tests.jump_cases import random_exposure, random_parameters

FILL = 99


def in_rows(exposure, options, start, stop, n_out):
    """Return (groupdq, origin, n_primary) of a block, written to `n_out` rows of 99."""
    shape = (exposure.n_ints, exposure.n_groups, n_out, exposure.n_cols)
    groupdq, origin = np.full(shape, FILL, np.uint8), np.full(shape, FILL, np.uint8)
    n_primary = detect_rows(
        exposure.sci,
        exposure.groupdq,
        exposure.gain,
        exposure.readnoise,
        start,
        stop,
        options,
        groupdq,
        origin,
    )
    return groupdq, origin, n_primary


def without_origin(exposure, options, start, stop):
    """Return GROUPDQ of a block whose origin nobody wants."""
    shape = (exposure.n_ints, exposure.n_groups, stop - start, exposure.n_cols)
    groupdq = np.full(shape, FILL, np.uint8)
    noise = exposure.gain, exposure.readnoise
    detect_rows(exposure.sci, exposure.groupdq, *noise, start, stop, options, groupdq)
    return groupdq


def settings_of(exposure, parameters):
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    return jump_settings(facts, exposure.timing, parameters)


@given(
    seed=st.integers(0, 2**32 - 1),
    n_ints=st.integers(1, 2),
    n_groups=st.sampled_from([3, 4, 6, 12]),
    cuts=st.sets(st.integers(1, 7)),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_any_blocks_give_the_same_as_the_whole(seed, n_ints, n_groups, cuts):
    rng = np.random.default_rng(seed)
    exposure = random_exposure(rng, n_ints, n_groups, frame=(8, 5))
    options = settings_of(exposure, random_parameters(rng))
    groupdq, origin, n_primary = in_rows(exposure, options, 0, 8, 8)
    edges = [0, *sorted(cuts), 8]
    n_in_blocks = 0
    for start, stop in pairwise(edges):
        block = in_rows(exposure, options, start, stop, stop - start)
        np.testing.assert_array_equal(block[0], groupdq[:, :, start:stop])
        np.testing.assert_array_equal(block[1], origin[:, :, start:stop])
        n_in_blocks += block[2]
        np.testing.assert_array_equal(
            without_origin(exposure, options, start, stop), block[0]
        )
    assert n_in_blocks == n_primary


@pytest.mark.parametrize("frame", [(40, 23), (5, 300)])
def test_sigma_clip_gives_the_same_row_by_row_and_some_rows_at_once(frame):
    rng = np.random.default_rng(7)
    exposure = random_exposure(rng, 12, 5, frame=frame)
    parameters = JumpParameters(
        minimum_sigclip_groups=1,
        rejection_threshold=2.0,
        min_jump_to_flag_neighbors=0.0,
        max_jump_to_flag_neighbors=50.0,
    )
    options = settings_of(exposure, parameters)
    assert options.branch == SIGMA_CLIP
    n_rows = frame[0]
    groupdq, origin, n_primary = in_rows(exposure, options, 0, n_rows, n_rows)
    assert (origin == Origin.NEIGHBOR).any(axis=(0, 1, 3)).all()
    n_in_rows = 0
    for row in range(n_rows):
        one = in_rows(exposure, options, row, row + 1, 1)
        np.testing.assert_array_equal(one[0], groupdq[:, :, row : row + 1])
        np.testing.assert_array_equal(one[1], origin[:, :, row : row + 1])
        n_in_rows += one[2]
    assert n_in_rows == n_primary


@pytest.mark.parametrize("n_groups", [6, 14])
def test_a_row_with_many_gaps_gives_the_same_as_its_parts(n_groups):
    rng = np.random.default_rng(5)
    exposure = random_exposure(rng, 2, n_groups, dirt=0.3, frame=(2, 600))
    options = settings_of(exposure, JumpParameters(flag_4_neighbors=False))
    groupdq, origin, n_primary = in_rows(exposure, options, 0, 2, 2)
    n_in_parts = 0
    for start in range(0, 600, 50):
        names = ("sci", "groupdq", "pixeldq", "gain", "readnoise")
        arrays = {n: getattr(exposure, n)[..., start : start + 50].copy() for n in names}
        part = in_rows(replace(exposure, **arrays), options, 0, 2, 2)
        np.testing.assert_array_equal(part[0], groupdq[..., start : start + 50])
        np.testing.assert_array_equal(part[1], origin[..., start : start + 50])
        n_in_parts += part[2]
    assert n_in_parts == n_primary


def test_rows_outside_the_block_are_not_written():
    exposure = random_exposure(np.random.default_rng(1), 1, 6, frame=(8, 5))
    options = settings_of(exposure, JumpParameters(min_jump_to_flag_neighbors=0))
    groupdq, origin, _ = in_rows(exposure, options, 3, 6, 8)
    for plane in (groupdq, origin):
        assert (np.delete(plane, [3, 4, 5], axis=2) == FILL).all()
    whole = in_rows(exposure, options, 0, 8, 8)
    np.testing.assert_array_equal(groupdq[:, :, 3:6], whole[0][:, :, 3:6])
    np.testing.assert_array_equal(origin[:, :, 3:6], whole[1][:, :, 3:6])


def test_with_too_few_groups_delivered_jumps_only_leave_unusable_groups():
    exposure = random_exposure(np.random.default_rng(1), 1, 6, dirt=0.4)
    options = settings_of(exposure, JumpParameters())._replace(branch=TOO_FEW_GROUPS)
    groupdq, origin, n_primary = in_rows(exposure, options, 0, 6, 6)
    delivered = exposure.groupdq
    unusable = (delivered & 3) != 0
    np.testing.assert_array_equal(
        groupdq, np.where(unusable, delivered & ~np.uint8(4), delivered)
    )
    np.testing.assert_array_equal(origin, (groupdq & 4) // 4)
    assert n_primary == 0


def test_all_settings_share_one_compiled_kernel():
    compiled = set()
    for n_groups in (3, 4, 6, 12):
        rng = np.random.default_rng(n_groups)
        exposure = random_exposure(rng, 1, n_groups)
        for parameters in (
            JumpParameters(),
            JumpParameters(rejection_threshold=5, after_jump_flag_time1=50),
            random_parameters(rng),
        ):
            in_rows(exposure, settings_of(exposure, parameters), 0, 6, 6)
            compiled.add(len(even_rows.signatures))
    assert len(compiled) == 1


def test_an_output_that_could_not_be_written_to_in_place_is_refused():
    exposure = random_exposure(np.random.default_rng(1), 1, 4)
    wide = np.empty((1, 4, 6, 14), np.uint8)
    with pytest.raises(ValueError, match="C-contiguous"):
        detect_rows(
            exposure.sci,
            exposure.groupdq,
            exposure.gain,
            exposure.readnoise,
            0,
            6,
            settings_of(exposure, JumpParameters()),
            wide[:, :, :, :7],
            wide[:, :, :, 7:],
        )
