"""A picture of the image to copy or save leaves the one on screen as it was."""

import numpy as np
from PyQt6.QtWidgets import QApplication

from rampviewer.gui.image.image_panel import ImagePanel
from rampviewer.gui.plots.plot_source import picture_of
from tests.bench.hand import Paints


def test_values_that_move_while_a_picture_is_copied_reach_the_screen(qtbot):
    panel = ImagePanel()
    qtbot.addWidget(panel)
    panel.resize(700, 640)
    panel.show()
    qtbot.waitExposed(panel)
    values = np.linspace(0, 1, 64 * 64, dtype=np.float32).reshape(64, 64)
    panel.show_plane(values, "Rate", "DN/s", kind="rate")
    panel.update_rows(0, 64)  # drawn at once; what follows waits for its turn
    QApplication.processEvents()
    paints = Paints(panel.view.plot.viewport())
    values[:10] = 0.99
    panel.update_rows(0, 10)
    picture_of(panel.plots()[0])
    qtbot.waitUntil(lambda: paints.n > 0)
