"""Ticks are where pyqtgraph has them."""

import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtGui import QFont

from rampviewer.gui.plots.fitting_axis import FittingAxis
from rampviewer.gui.plots.sparse_axis import SparseAxis


def ranges():
    rng = np.random.default_rng(5)
    low = rng.normal(size=200) * 10.0 ** rng.integers(-3, 6, 200)
    return list(zip(low, low + np.abs(rng.normal(size=200) * 300) + 1e-3, strict=True))


@pytest.mark.parametrize("size", [40.0, 310.0, 900.0])
@pytest.mark.usefixtures("qapp")
def test_ticks_of_a_y_axis_are_those_of_pyqtgraph(size):
    axis = FittingAxis(QFont(), ("signal",))
    for low, high in ranges():
        wanted = pg.AxisItem.tickValues(axis, low, high, size)
        assert axis.tickValues(low, high, size) == wanted
        assert axis.tickValues(high, low, size) == wanted


@pytest.mark.parametrize("whole", [0.0, 1.0, 3.0])
@pytest.mark.usefixtures("qapp")
def test_ticks_of_an_x_axis_are_those_of_pyqtgraph(whole):
    axis = SparseAxis(QFont())
    axis.set_whole(whole)
    for low, high in ranges():
        if high - low < 500:  # groups
            assert axis.tickValues(low, high, 300.0) == pg.AxisItem.tickValues(
                axis, low, high, 300.0
            )
