import numpy as np
import pytest

from rampviewer.model.tables.column_table import decimals, order_of, significant

RNG = np.random.default_rng(5)
N = 3000
VALUES = {
    "floats": RNG.normal(0, 9, N),
    "few equal": RNG.permutation(np.append(RNG.normal(0, 9, N), [1.5, 2.5] * 50)),
    "many equal": RNG.integers(0, 20, N) / 4,
    "some NaN": np.where(RNG.random(N) < 0.1, np.nan, RNG.normal(0, 9, N)),
    "all NaN": np.full(N, np.nan),
    "infinite": np.where(RNG.random(N) < 0.01, np.inf, RNG.normal(0, 9, N)),
    "signs": RNG.integers(-1, 2, N).astype(np.int8),
    "unsigned": RNG.integers(0, 10, N).astype(np.uint8),
    "large": RNG.integers(-(2**30), 2**30, N).astype(np.int32),
    "wide": RNG.integers(0, 3, N) * 2**17,
    "none": np.empty(0),
    "no number": np.empty(0, np.int32),
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("descending", [False, True])
def test_the_order_is_that_of_a_stable_sort_with_nan_last(name, descending):
    values = VALUES[name]
    keys = -values.astype(float) if descending else values.astype(float)
    expected = np.argsort(keys, kind="stable")
    np.testing.assert_array_equal(order_of(values, descending=descending), expected)


def test_a_number_is_written_or_left_empty():
    assert decimals(1)(12.36) == "12.4"
    assert decimals(1)(np.nan) == ""
    assert significant(3)(0.012345) == "0.0123"
    assert significant(3)(np.nan) == ""
    assert significant(3)(4.0) == "4"
    assert significant(3, padded=True)(4.0) == "4.00"
    assert significant(3, padded=True)(123.0) == "123"
