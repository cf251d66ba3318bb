import numpy as np

from rampviewer.gui.ramp.ramp_labels import (
    along,
    around,
    candidates,
    choose,
    overlaps,
    place_in_corner,
    within,
)

ROOM = (0.0, 0.0, 400.0, 200.0)
SIZE = (60.0, 20.0)


def points(*xy, radius=3.0):
    array = np.array(xy, float).reshape(-1, 2)
    return around(array[:, 0], array[:, 1], radius)


def place_beside(lines, obstacles):
    sizes, rooms = np.array([SIZE] * len(lines)), np.array([ROOM] * len(lines))
    return choose(candidates(np.array(lines, float), sizes, rooms), obstacles)


def overlap(box, obstacles):
    return overlaps(np.array([box]), obstacles)[0]


def test_overlap_is_the_shared_area():
    obstacles = np.array([[0.0, 0, 10, 10], [100, 100, 5, 5]])
    boxes = np.array([[5.0, 5, 10, 10], [50, 50, 10, 10], [0, 0, 200, 200]])
    np.testing.assert_array_equal(overlaps(boxes, obstacles), [25, 0, 125])


def test_a_line_is_covered_without_gaps():
    boxes = along([(0.0, 0.0, 100.0, 0.0)])
    left, right = boxes[:, 0], boxes[:, 0] + boxes[:, 2]
    assert left.min() <= 0
    assert right.max() >= 100
    assert np.diff(np.sort(boxes[:, 0])).max() <= 8


def test_a_line_that_was_zoomed_into_is_covered_where_it_is_seen():
    lines = np.array(
        [[-1e9, 100.0, 1e9, 100.0], [200.0, 1e9, 200.0, -1e9], [-1e9, -50.0, 1e9, -50.0]]
    )
    seen = within(lines, *ROOM[2:])
    np.testing.assert_allclose(seen, [[0, 100, 400, 100], [200, 200, 200, 0]], atol=1e-5)
    assert len(along(seen)) < 100


def test_lines_about_as_long_as_the_plot_are_not_cut():
    lines = np.array([[-50.0, 20.0, 600.0, 180.0]])
    assert within(lines, *ROOM[2:]) is lines


def test_a_label_stands_below_the_middle_of_its_line():
    line = (100.0, 100.0, 300.0, 100.0)
    (box,) = place_beside([line], along([line]))
    assert box == (170.0, 108.0, 60.0, 20.0)


def test_a_label_is_above_its_line_where_there_is_no_room_below():
    line = (100.0, 190.0, 300.0, 190.0)
    (box,) = place_beside([line], along([line]))
    assert box == (170.0, 162.0, 60.0, 20.0)


def test_a_label_is_moved_into_the_room():
    line = (2.0, 100.0, 20.0, 100.0)
    (box,) = place_beside([line], along([line]))
    assert box == (0.0, 108.0, 60.0, 20.0)


def test_a_label_stands_in_the_free_corner_of_a_steep_line():
    line = (150.0, 180.0, 200.0, 20.0)
    (box,) = place_beside([line], along([line]))
    assert overlap(box, along([line])) == 0
    assert abs(box[0] + 30 - 175) < 60
    assert abs(box[1] + 10 - 100) < 60


def test_labels_cover_neither_points_nor_lines_nor_one_another():
    lines = [(20.0, 180.0, 120.0, 150.0), (140.0, 110.0, 240.0, 80.0)]
    taken = np.concatenate((along(lines), points((80, 160), (190, 95), (200, 120))))
    placed = place_beside(lines, taken)
    for k, box in enumerate(placed):
        assert overlap(box, taken) == 0
        others = np.array([b for j, b in enumerate(placed) if j != k])
        assert overlap(box, others) == 0
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[0] + box[2] <= 400
        assert box[1] + box[3] <= 200


def test_without_a_free_place_there_is_none():
    everything = np.array([[0.0, 0.0, 400.0, 200.0]])
    assert place_beside([(0, 0, 10, 10)], everything) is None


def test_a_box_goes_into_the_emptiest_corner():
    def corner(*xy):
        box, covered = place_in_corner(SIZE, points(*xy), ROOM)
        assert covered == 0
        return box[:2]

    assert corner() == (8.0, 8.0)
    assert corner((20, 15)) == (332.0, 172.0)
    assert corner((20, 15), (360, 185)) == (332.0, 8.0)


def test_a_box_that_must_cover_something_says_how_much():
    everything = np.array([[0.0, 0.0, 400.0, 150.0]])
    box, covered = place_in_corner((60.0, 192.0), everything, ROOM)
    assert covered == 60 * (150 - box[1])
