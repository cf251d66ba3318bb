"""Themes for the widgets of one test."""

import pyqtgraph as pg
import pytest

from rampviewer.gui.widgets.theme import apply_theme


@pytest.fixture
def app(qapp):
    """Return the application; its colours are put back afterwards."""
    palette, style, sheet = qapp.palette(), qapp.style().name(), qapp.styleSheet()
    options = {name: pg.getConfigOption(name) for name in ("background", "foreground")}
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)
    pg.setConfigOptions(**options)


@pytest.fixture
def themed(app):
    """Return a function that gives all widgets a theme."""

    def give(theme):
        apply_theme(app, theme)
        app.processEvents()  # layouts take the sizes that it asks for

    return give
