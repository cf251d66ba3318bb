from dataclasses import replace

import pytest

from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import MOST_PINS, Pins, is_same_place
from tests.exposure_files import simulated_exposure


def test_a_pin_keeps_its_number_while_others_go():
    pins = Pins.of([Pixel(0, 0), Pixel(1, 1), Pixel(2, 2)]).toggled(Pixel(1, 1))
    assert [(pin.number, pin.pixel) for pin in pins.listed] == [
        (1, Pixel(0, 0)),
        (3, Pixel(2, 2)),
    ]
    pins = pins.toggled(Pixel(9, 9))
    assert [pin.number for pin in pins.listed] == [1, 2, 3]
    assert pins.of_pixel(Pixel(9, 9)).number == 2


def test_a_list_has_each_pixel_once_and_not_too_many():
    pixels = [Pixel(0, n // 2) for n in range(60)]
    assert Pins.of(pixels).pixels == tuple(Pixel(0, n) for n in range(MOST_PINS))


def test_one_more_pin_than_can_be_is_refused():
    pins = Pins.of(Pixel(0, n) for n in range(MOST_PINS))
    with pytest.raises(ValueError, match="At most 12 pixels can be pinned"):
        pins.toggled(Pixel(5, 5))
    assert len(pins.toggled(Pixel(0, 3))) == MOST_PINS - 1


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"detector": "NRCB4"}, False),
        ({"keywords": {"SUBSTRT1": 9, "SUBSTRT2": 1}}, False),
        ({"keywords": {}}, True),
    ],
)
def test_pixels_are_the_same_where_detector_and_corner_are(changes, same):
    exposure = replace(
        simulated_exposure(), detector="NRCA1", keywords={"SUBSTRT1": 1, "SUBSTRT2": 1}
    )
    assert is_same_place(exposure, replace(exposure, **changes)) is same


def test_pixels_of_another_shape_are_others():
    assert not is_same_place(simulated_exposure(), simulated_exposure(size=96))
