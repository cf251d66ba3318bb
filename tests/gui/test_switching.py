import sys

from rampviewer.gui.work.switching import switch_often


def test_threads_hand_over_sooner_until_that_is_put_back():
    before = sys.getswitchinterval()
    put_back = switch_often()
    assert sys.getswitchinterval() < before
    put_back()
    assert sys.getswitchinterval() == before


def test_the_last_window_that_closes_puts_the_interval_back():
    before = sys.getswitchinterval()
    first, second = switch_often(), switch_often()
    first()
    first()  # a window may be closed twice
    assert sys.getswitchinterval() < before
    second()
    assert sys.getswitchinterval() == before
