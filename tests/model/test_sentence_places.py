import pytest

from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.sentence_places import Place, parts_of


def links(sentence):
    return [(text, place) for text, place in parts_of(sentence) if place is not None]


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("No group carries JUMP_DET.", []),
        ("Pixel x 512, y 300", []),
        ("int 0 groups 3 to 5: SATURATED", [("int 0", Place(integration=0))]),
        (
            "int 1 group 4: step 212 DN, neighbour of (821, 386)",
            [
                ("int 1 group 4", Place(integration=1, group=4)),
                ("(821, 386)", Place(pixel=Pixel(386, 821), integration=1, group=4)),
            ],
        ),
        (
            "int 2 group 9: shower of group 7 around (12, 0)",
            [
                ("int 2 group 9", Place(integration=2, group=9)),
                ("group 7", Place(integration=2, group=7)),
                ("(12, 0)", Place(pixel=Pixel(0, 12), integration=2, group=7)),
            ],
        ),
        ("around (3, 4)", [("(3, 4)", Place(pixel=Pixel(4, 3)))]),
    ],
)
def test_pixels_groups_and_integrations_are_places(sentence, named):
    assert links(sentence) == named


def test_the_parts_are_the_sentence():
    sentence = "a (1, 2) and int 0 group 3, then group 5 of (7, 8) end"
    assert "".join(text for text, _place in parts_of(sentence)) == sentence


def test_an_event_carried_over_is_sought_in_its_own_integration():
    sentence = (
        "int 1 group 0: carried over from the core of a snowball, "
        "int 0 group 4 around (30, 20)"
    )
    place = Place(pixel=Pixel(20, 30), integration=0, group=4)
    assert links(sentence)[-1] == ("(30, 20)", place)
