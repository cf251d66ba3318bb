import numpy as np

from rampviewer.core.dq import Dq
from rampviewer.core.gain_marks import mark_gain

NONE, UNUSABLE = 0, int(Dq.DO_NOT_USE)
NO_GAIN = int(Dq.NO_GAIN_VALUE | Dq.DO_NOT_USE)
HOT = int(Dq.HOT)


def test_only_a_positive_gain_is_one_and_other_flags_stay():
    gain = np.array([[1.8, 1e-30, 0.0, -0.0, -1.0, np.nan, np.inf, -np.inf, 1.0, 0.0]])
    flags = [NONE, HOT, NONE, HOT, NONE, NONE, NONE, NONE, UNUSABLE, UNUSABLE]
    pixeldq = np.array([flags], np.uint32)
    marked, unusable = np.full_like(pixeldq, 99), np.zeros(pixeldq.shape, np.bool_)
    mark_gain(pixeldq, gain.astype(np.float32), marked, unusable)
    missing = [False, False, True, True, True, True, False, True, False, True]
    expected = [
        old | (NO_GAIN if bad else 0) for old, bad in zip(flags, missing, strict=True)
    ]
    assert marked[0].tolist() == expected
    assert unusable[0].tolist() == [False] * 8 + [True] * 2
