import tracemalloc
from dataclasses import dataclass

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.model.planes.combined_flags import CombinedFlags, any_group_flags

SHAPE = (3, 4, 5, 13)  # rows that do not end at a whole byte


@dataclass(frozen=True, eq=False)
class Jumps:
    jump_bits: np.ndarray
    n_jumps: np.ndarray
    large: None = None


@pytest.fixture
def groupdq():
    rng = np.random.default_rng(2)
    bits = [0, 0, 0, 0, 0, 0, Dq.SATURATED, Dq.JUMP_DET, Dq.DO_NOT_USE]
    return rng.choice(bits, SHAPE).astype(np.uint8)


@pytest.fixture
def jumps():
    return np.random.default_rng(3).random(SHAPE) < 0.06


@pytest.fixture
def run(jumps):
    n_jumps = jumps.sum(axis=(0, 1)).astype(np.uint32)
    return Jumps(np.packbits(jumps, axis=-1), n_jumps)


def joined(groupdq, integration):
    flags = np.zeros(SHAPE[2:], np.uint8)
    for i, ramp in enumerate(groupdq):
        for group in ramp:
            flags |= group if integration in (None, i) else 0
    return flags


@pytest.mark.parametrize("integration", [None, 0, 2])
def test_without_a_run_all_flags_are_as_delivered(groupdq, integration):
    flags = any_group_flags(CombinedFlags.of(groupdq), None, integration)
    np.testing.assert_array_equal(flags, joined(groupdq, integration))


@pytest.mark.parametrize("integration", [None, 0, 2])
def test_the_jumps_are_those_of_the_run(groupdq, jumps, run, integration):
    delivered = CombinedFlags.of(groupdq)
    expected = np.where(jumps, Dq.JUMP_DET, 0).astype(np.uint8)
    expected |= groupdq & np.uint8(0xFF - Dq.JUMP_DET)
    flags = any_group_flags(delivered, run, integration)
    assert flags.dtype == np.uint8
    np.testing.assert_array_equal(flags, joined(expected, integration))


def test_what_was_delivered_stays(groupdq, run):
    delivered = CombinedFlags.of(groupdq[:1])
    for integration in (None, 0):
        any_group_flags(delivered, run, integration)
    np.testing.assert_array_equal(delivered.of_exposure, joined(groupdq[:1], None))
    np.testing.assert_array_equal(delivered.of_integration[0], joined(groupdq, 0))


@pytest.mark.parametrize("integration", [None, 0])
def test_a_frame_of_flags_is_made_without_frames_in_between(integration):
    shape = 1, 3, 1024, 1024
    groupdq = np.full(shape, Dq.SATURATED, np.uint8)
    bits = np.full((*shape[:3], shape[3] // 8), 0b1000_0001, np.uint8)
    run = Jumps(bits, np.ones(shape[2:], np.uint16))
    delivered = CombinedFlags.of(groupdq)
    tracemalloc.start()
    flags = any_group_flags(delivered, run, integration)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    both = Dq.SATURATED | Dq.JUMP_DET
    assert set(np.unique(flags)) <= {int(Dq.SATURATED), int(both)}
    assert most < 1.5 * flags.nbytes  # one frame, where there are no whole pages for it
