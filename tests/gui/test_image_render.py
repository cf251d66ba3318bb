import numpy as np
import pytest
from PyQt6.QtGui import QColor

from rampviewer.core.dq import Dq
from rampviewer.gui.image.block_means import BlockMeans
from rampviewer.gui.image.color_tables import (
    COLOR_MAPS,
    N_LEVELS,
    NAN_COLOR,
    colors_of,
    flag_table,
    overlay_table,
    rgb,
    value_table,
)
from rampviewer.gui.image.frame_render import (
    OUTLINE,
    BlockPeaks,
    ScreenAxis,
    colors_of_flags,
    colors_of_overlay,
    colors_of_values,
    highest_bits,
    levels_of,
)
from rampviewer.gui.image.stretch import Limits, Stretch
from rampviewer.gui.widgets.flag_styles import GROUP_BITS, style_of
from rampviewer.gui.widgets.theme import palette_of

FLAGS = flag_table(QColor("black"))


def axis(scale, n_pixels, offset=None):
    """Return an axis that shows all pixels from screen position 0 on."""
    start = 0.5 * scale if offset is None else offset
    return ScreenAxis.of(scale, start, n_pixels, (-1e6, 1e6))


def joined_by_blocks(values, size, join):
    n_rows, n_cols = (max(n // size, 1) for n in values.shape)
    peaks = np.empty((n_rows, n_cols), values.dtype)
    for i in range(n_rows):
        for j in range(n_cols):
            rows = slice(i * size, None if i == n_rows - 1 else (i + 1) * size)
            cols = slice(j * size, None if j == n_cols - 1 else (j + 1) * size)
            peaks[i, j] = join.reduce(values[rows, cols], axis=None)
    return peaks


def test_an_enlarged_axis_repeats_each_pixel():
    rows = axis(3.0, 4)
    assert rows.first == 0
    np.testing.assert_array_equal(rows.index, np.repeat(np.arange(4), 3))


def test_an_axis_that_runs_down_begins_with_the_last_pixel():
    rows = ScreenAxis.of(-2.0, 7.0, 4, (0.0, 8.0))
    assert rows.first == 0
    np.testing.assert_array_equal(rows.index, [3, 3, 2, 2, 1, 1, 0, 0])


def test_an_axis_is_cut_to_what_is_visible():
    cols = ScreenAxis.of(2.0, 1.0, 100, (10.0, 14.0))
    assert cols.first == 10
    np.testing.assert_array_equal(cols.index, [5, 5, 6, 6])
    assert ScreenAxis.of(2.0, 1.0, 100, (-9.0, -2.0)).index.size == 0


@pytest.mark.parametrize(("start", "first"), [(0.3, 0), (0.7, 1)])
def test_a_screen_pixel_belongs_to_the_frame_when_its_centre_does(start, first):
    cols = ScreenAxis.of(3.0, start + 1.5, 4, (-1e6, 1e6))
    assert (cols.first, cols.index.size) == (first, 12)


@pytest.mark.parametrize("scale", [0.31, 0.7, 1.0, 1.9, 7.3])
def test_each_screen_pixel_shows_the_detector_pixel_at_its_centre(scale):
    cols = ScreenAxis.of(scale, 0.37, 50, (-100.0, 1000.0))
    centres = cols.first + np.arange(cols.index.size) + 0.5
    assert (np.abs((centres - 0.37) / scale - cols.index) <= 0.5 + 1e-9).all()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 40])
@pytest.mark.parametrize("shape", [(12, 15), (13, 17), (7, 31)])
@pytest.mark.parametrize("join", [np.fmax, np.fmin, np.bitwise_or])
def test_blocks_hold_their_largest_or_smallest_value_or_all_bits(size, shape, join):
    rng = np.random.default_rng(size)
    is_flags = join is np.bitwise_or
    values = rng.integers(0, 256, shape).astype(np.uint32 if is_flags else np.float32)
    if not is_flags:
        values[rng.random(shape) < 0.3] = np.nan
    peaks = BlockPeaks(values, join)
    expected = joined_by_blocks(values, size, join)
    np.testing.assert_array_equal(peaks.of(size), expected)


@pytest.mark.parametrize("rows", [(0, 1), (4, 9), (15, 16), (16, 17), (3, 17)])
def test_blocks_follow_rows_that_changed_in_place(rows):
    values = np.random.default_rng(1).random((17, 11)).astype(np.float32)
    peaks = BlockPeaks(values)
    peaks.of(4)
    values[slice(*rows)] += 5
    peaks.mark_rows(*rows)
    np.testing.assert_array_equal(peaks.of(4), joined_by_blocks(values, 4, np.fmax))
    values[:] = 0
    peaks.mark_rows(0, 2)
    peaks.mark_rows(2, 17)
    np.testing.assert_array_equal(peaks.of(4), np.zeros((4, 2)))


def test_levels_run_from_limit_to_limit_and_nan_is_apart():
    values = np.array(
        [[np.nan, -np.inf, -5.0, 0.0, 1.0, 2.0, 9.0, np.inf, 3e38]], np.float32
    )
    top = N_LEVELS - 1
    levels = levels_of(values, Limits(0.0, 2.0))[0].tolist()
    assert levels == [0, 1, 1, 1, (top + 1) // 2, top, top, top, top]


def test_a_value_has_the_nearest_level():
    step = 1.0 / (N_LEVELS - 2)
    values = np.array([[0.4 * step, 0.6 * step, 1.4 * step]], np.float32)
    assert levels_of(values, Limits(0.0, 1.0))[0].tolist() == [1, 2, 2]


def test_levels_survive_limits_at_the_ends_of_float32():
    values = np.array([[-3e38, 0.0, 3e38]], np.float32)
    levels = levels_of(values, Limits(-3e38, 3e38))[0].tolist()
    assert levels == [1, N_LEVELS // 2, N_LEVELS - 1]


def test_counts_have_levels_as_well():
    levels = levels_of(np.array([[0, 1, 3]], np.uint32), Limits(0.0, 3.0))[0]
    assert levels[0] == 1
    assert levels[2] == N_LEVELS - 1


@pytest.mark.parametrize("bit", list(Dq))
def test_the_highest_bit_is_found(bit):
    flags = np.array([int(bit), int(bit) | 1, int(bit) - 1], np.uint32)
    number = int(bit).bit_length()
    assert highest_bits(flags).tolist() == [number, number, number - 1]


def test_enlarged_values_are_exact_and_none_is_brightened():
    values = np.array([[0.0, 1.0], [np.nan, 0.5]], np.float32)
    table = value_table("gray", Stretch.LINEAR)
    colors = colors_of_values(
        values, BlockMeans(values), axis(2.0, 2), axis(2.0, 2), Limits(0.0, 1.0), table
    )
    expected = np.array([["#000000", "#ffffff"], [NAN_COLOR, "#808080"]])
    wanted = np.vectorize(rgb)(expected).repeat(2, axis=0).repeat(2, axis=1)
    np.testing.assert_array_equal(colors, wanted)


@pytest.mark.parametrize("scale", [0.21, 0.3, 0.5, 0.77, 0.95])
def test_with_peaks_no_pixel_above_the_upper_limit_is_lost(scale):
    table = value_table("gray", Stretch.LINEAR)
    for position in range(40):
        values = np.zeros((40, 40), np.float32)
        values[position, 39 - position] = 2.0
        colors = colors_of_values(
            values,
            BlockMeans(values),
            axis(-scale, 40, 39.5 * scale),
            axis(scale, 40),
            Limits(0.0, 1.0),
            table,
            BlockPeaks(values),
        )
        assert (colors == rgb("#ffffff")).any(), position


@pytest.mark.parametrize("scale", [0.21, 0.5, 0.95])
def test_with_peaks_no_pixel_below_the_limit_of_a_difference_is_lost(scale):
    table = value_table("gray", Stretch.LINEAR)
    for position in range(40):
        values = np.zeros((40, 40), np.float32)
        values[position, 39 - position] = -2.0
        colors = colors_of_values(
            values,
            BlockMeans(values),
            axis(scale, 40),
            axis(scale, 40),
            Limits(-1.0, 1.0),
            table,
            BlockPeaks(values),
            BlockPeaks(values, np.fmin),
        )
        assert (colors == rgb("#000000")).any(), position


def test_peaks_below_the_limit_leave_the_mean():
    values = np.zeros((40, 40), np.float32)
    values[::2] = 0.9
    table = value_table("gray", Stretch.LINEAR)
    rows, cols, limits = axis(0.5, 40), axis(0.5, 40), Limits(0.0, 1.0)
    means = BlockMeans(values)
    plain = colors_of_values(values, means, rows, cols, limits, table)
    kept = colors_of_values(values, means, rows, cols, limits, table, BlockPeaks(values))
    np.testing.assert_array_equal(kept, plain)
    assert (plain == table[levels_of(np.float32([0.45]), limits)[0]]).all()


def test_a_flag_beside_the_centre_of_a_screen_pixel_shows_faintly():
    flags = np.zeros((40, 40), np.uint32)
    rows, cols = axis(0.25, 40), axis(0.25, 40)
    own, near = (rows.index[3], cols.index[3]), (rows.index[6] + 1, cols.index[6] - 1)
    flags[own] = flags[near] = Dq.HOT
    joined = BlockPeaks(flags, np.bitwise_or)
    colors = colors_of_flags(flags, joined, rows, cols, 0xFFFF_FFFF, FLAGS)
    assert colors[3, 3] == rgb(style_of(Dq.HOT).color)
    faint = QColor(int(colors[6, 6]))
    assert 0 < faint.red() < QColor(style_of(Dq.HOT).color).red()
    assert np.count_nonzero(colors != FLAGS[0]) == 2


def test_hidden_flags_are_not_drawn():
    flags = np.full((4, 4), Dq.HOT | Dq.JUMP_DET, np.uint32)
    for scale in (2.0, 0.5):
        rows = cols = axis(scale, 4)
        joined = BlockPeaks(flags, np.bitwise_or)
        colors = colors_of_flags(flags, joined, rows, cols, int(Dq.JUMP_DET), FLAGS)
        assert (colors == rgb(style_of(Dq.JUMP_DET).color)).all()


def test_an_overlay_is_clear_where_no_wanted_bit_is_set():
    flags = np.zeros((4, 4), np.uint8)
    flags[1, 2], flags[3, 3] = Dq.JUMP_DET | Dq.DO_NOT_USE, Dq.SATURATED
    table = overlay_table(Dq.JUMP_DET | Dq.DO_NOT_USE, 1.0)
    rows = cols = axis(2.0, 4)
    colors = colors_of_overlay(flags, BlockPeaks(flags, np.bitwise_or), rows, cols, table)
    assert (colors[2:4, 4:6] == rgb(style_of(Dq.JUMP_DET).color)).all()
    assert np.count_nonzero(colors) == 4


def test_a_flagged_area_has_an_outline_where_pixels_are_large():
    flags = np.zeros((4, 6), np.uint8)
    flags[1, 2:4] = Dq.JUMP_DET
    table = overlay_table(Dq.JUMP_DET, 1.0)
    rows, cols = axis(8.0, 4), axis(8.0, 6)
    joined = BlockPeaks(flags, np.bitwise_or)
    colors = colors_of_overlay(flags, joined, rows, cols, table)
    box = colors[8:16, 16:32]
    assert (box[1:-1, 1:-1] == rgb(style_of(Dq.JUMP_DET).color)).all()
    for side in (box[0], box[-1], box[:, 0], box[:, -1]):
        assert (side == OUTLINE).all()
    assert np.count_nonzero(colors) == box.size
    small = colors_of_overlay(flags, joined, axis(4.0, 4), axis(4.0, 6), table)
    assert OUTLINE not in small


def test_an_overlay_is_premultiplied():
    color = QColor(style_of(Dq.SATURATED).color)
    value = int(overlay_table(Dq.SATURATED, 0.5)[Dq.SATURATED])
    assert value >> 24 == 128
    assert abs((value >> 16 & 255) - color.red() / 2) <= 1
    assert abs((value & 255) - color.blue() / 2) <= 1


@pytest.mark.parametrize("bit", GROUP_BITS)
def test_every_group_flag_can_be_drawn_above_the_image(bit):
    table = overlay_table(bit, 1.0)
    assert table[int(bit)] == rgb(style_of(bit).color)
    assert table[256 + int(bit)] != 0
    assert table[0] == 0


@pytest.mark.parametrize("color_map", COLOR_MAPS)
def test_nan_has_a_colour_that_no_map_comes_near(color_map):
    nan = np.array(QColor(NAN_COLOR).getRgb()[:3], float)
    distances = np.linalg.norm(colors_of(color_map) - nan, axis=1)
    assert distances.min() > 60


@pytest.mark.parametrize("color_map", COLOR_MAPS)
def test_maps_grow_steadily_brighter(color_map):
    red, green, blue = colors_of(color_map).T.astype(float)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert (np.diff(luma[::8]) > 0).all()
    np.testing.assert_array_equal(
        colors_of(color_map, is_reversed=True), colors_of(color_map)[::-1]
    )


def lab(colors):
    """Return CIE L*a*b* of (n, 3) sRGB colours, 0 to 255."""
    part = np.asarray(colors, float) / 255
    linear = np.where(part > 0.04045, ((part + 0.055) / 1.055) ** 2.4, part / 12.92)
    matrix = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = linear @ np.transpose(matrix) / [0.9505, 1.0, 1.089]
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


@pytest.mark.parametrize("color_map", COLOR_MAPS)
def test_equal_steps_of_a_map_look_equally_large(color_map):
    lightness = lab(colors_of(color_map))[::16, 0]
    steps = np.diff(lightness)
    assert steps.min() > 0.4 * steps.mean()
    assert steps.max() < 2.0 * steps.mean()


def test_a_map_that_is_not_uniform_would_be_found():
    rainbow = [QColor.fromHsv(240 - k, 255, 255).getRgb()[:3] for k in range(0, 241, 15)]
    assert np.diff(lab(rainbow)[:, 0]).min() < 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("color_map", COLOR_MAPS)
def test_nan_looks_like_no_value_no_flag_and_no_background(color_map, is_reversed, theme):
    nan = lab([QColor(NAN_COLOR).getRgb()[:3]])
    palette = palette_of(theme)
    grounds = [palette.base().color(), palette.alternateBase().color()]
    others = [color.getRgb()[:3] for color in grounds]
    others += [QColor(style_of(bit).color).getRgb()[:3] for bit in GROUP_BITS]
    values = colors_of(color_map, is_reversed=is_reversed)
    assert np.linalg.norm(lab(values) - nan, axis=1).min() > 20
    assert np.linalg.norm(lab(others) - nan, axis=1).min() > 20


def test_an_unknown_map_is_refused():
    with pytest.raises(ValueError, match="jet"):
        colors_of("jet")


@pytest.mark.parametrize("stretch", list(Stretch))
def test_a_value_table_runs_from_the_first_colour_to_the_last(stretch):
    table = value_table("gray", stretch)
    assert len(table) == N_LEVELS
    assert table[0] == rgb(NAN_COLOR)
    assert table[1] == rgb("#000000")
    assert table[-1] == rgb("#ffffff")
