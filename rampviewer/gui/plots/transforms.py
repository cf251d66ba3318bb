"""When pyqtgraph moves what stands in a plot."""

import pyqtgraph as pg


def move_at_once(box: pg.ViewBox) -> None:
    """Have the items of a box, which ranges itself, moved as soon as its range changes.

    pyqtgraph moves them while it paints the plot: to the scene they have changed then, and
    it has all of it painted once more.
    """
    for changed in (box.sigRangeChanged, box.sigResized):
        changed.connect(box.prepareForPaint)
