import re
from xml.etree import ElementTree

import numpy as np

from rampviewer.gui.image.histogram_bar import HistogramBar
from rampviewer.gui.image.stretch import Limits
from rampviewer.gui.plots.vector_file import write_svg
from rampviewer.gui.ramp.ramp_panel import RampPanel
from tests.app.test_plots import texts_in
from tests.pixel_views import noisy


def test_limits_of_a_histogram_are_lines_of_the_page(qtbot, tmp_path):
    bar, path = HistogramBar(), tmp_path / "x.svg"
    qtbot.addWidget(bar)
    bar.resize(500, 120)
    bar.show()
    sample, limits = np.linspace(0.0, 6e4, 999), Limits(1e4, 4e4)
    bar.show_sample(sample, 0, sample.size)
    bar.set_limits(limits)
    bar.show_around(limits, sample)
    bar.draw_now()
    write_svg(bar.plot, path)
    thick = [
        group
        for group in ElementTree.parse(path).getroot().iter()
        if group.get("stroke-width") == "2"
    ]
    # Some programs draw no line in units that are squeezed too much.
    assert {group.get("transform") for group in thick} == {"matrix(1,0,0,1,0,0)"}
    lines = [re.findall(r"[\d.]+", line.get("points")) for group in thick for line in group]
    assert len(lines) == 2
    for x0, y0, x1, y1 in np.array(lines, float):
        assert x0 == x1
        assert 0 < x0 < bar.plot.width()
        assert abs(y1 - y0) > 20


def test_no_plot_of_a_row_is_cut_off_by_another(qtbot, tmp_path):
    panel, path = RampPanel(), tmp_path / "x.svg"
    qtbot.addWidget(panel)
    panel.resize(900, 640)
    panel.show()
    panel.show_view(noisy(3, 10, [(i, 5, 900) for i in range(3)]))
    write_svg(panel.grid, path)
    texts = [(text, *place, *clip[0], *clip[1]) for text, place, clip in texts_in(path)]
    assert sum("weight" in text for text, *_ in texts) == 6
    for text, x, y, left, top, right, bottom in texts:
        assert left <= x <= right, text
        assert top <= y <= bottom, text
