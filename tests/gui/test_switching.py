import sys

from rampviewer.gui.switching import switch_often


def test_threads_hand_over_sooner_until_that_is_put_back():
    before = sys.getswitchinterval()
    put_back = switch_often()
    assert sys.getswitchinterval() < before
    put_back()
    assert sys.getswitchinterval() == before
