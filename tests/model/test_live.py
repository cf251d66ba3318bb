import itertools
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.diagnostics import diagnose_rows
from rampviewer.core.dq import Dq
from rampviewer.core.fit.rows import fit_rows
from rampviewer.core.jump import row_block
from rampviewer.core.live import bits, events, flagged, picked, reach
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure
from rampviewer.model.live import live_excerpt
from rampviewer.model.live.live_reach import most_pixels
from rampviewer.model.live.live_run import LiveRun
from rampviewer.model.memory import pages
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import Tile, process_exposure
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.timing import Timing
from tests.exposures import random_exposure
from tests.jump_cases import ramp_exposure
from tests.large_cases import shower_exposure, snowball_exposure
from tests.live_cases import (
    ALL_PIXELS,
    DEFAULT,
    applied,
    assert_same_run,
    dirty_exposure,
    large_choice,
    live_run,
    settled,
    walk,
)

SEEDS = st.integers(0, 2**32 - 1)


def at(threshold, **jump):
    return replace(DEFAULT, jump=JumpParameters(rejection_threshold=threshold, **jump))


def follow(live, recipes, floor=1.0):
    """Yield (recipe, delta, run) of each move."""
    run = None
    for recipe in recipes:
        delta = live.move_to(recipe)
        run = settled(live, delta, run)
        live.prepare(floor)
        yield recipe, delta, run


@given(seed=SEEDS)
@settings(max_examples=120, deadline=None, derandomize=True)
def test_every_walk_goes_along_the_runs_of_whole_passes(seed):
    rng = np.random.default_rng(seed)
    exposure = dirty_exposure(rng)
    most, n_threads = int(rng.choice([ALL_PIXELS, ALL_PIXELS, 20])), int(rng.integers(1, 4))
    live = live_run(exposure, most_pixels=most, n_threads=n_threads)
    prepared = Prepared.of(exposure)
    for recipe, _, run in follow(live, walk(rng, exposure, 10)):
        assert_same_run(run, process_exposure(prepared, recipe))


@given(seed=SEEDS)
@settings(max_examples=16, deadline=None, derandomize=True)
def test_every_walk_goes_along_large_events_too(seed):
    rng = np.random.default_rng(seed)
    exposure = snowball_exposure(rng) if rng.random() < 0.5 else shower_exposure(rng)
    live, prepared = live_run(exposure), Prepared.of(exposure)
    found = replace(DEFAULT, jump=replace(DEFAULT.jump, **large_choice(rng)))
    for recipe, _, run in follow(live, walk(rng, exposure, 6, found)):
        assert_same_run(run, process_exposure(prepared, recipe))


def test_walks_turn_every_parameter():
    rng = np.random.default_rng(0)
    exposure, turned = dirty_exposure(rng), set()
    for recipe in walk(rng, exposure, 400):
        for part, first in ((recipe.jump, DEFAULT.jump), (recipe.fit, DEFAULT.fit)):
            turned |= {
                item.name
                for item in fields(part)
                if getattr(part, item.name) != getattr(first, item.name)
            }
    every = {
        item.name for kind in (JumpParameters, RampFitParameters) for item in fields(kind)
    }
    assert turned == every


@pytest.mark.parametrize("frame", [(1, 1), (1, 9), (9, 1), (2, 2), (70, 3)])
def test_frames_of_any_shape_are_walked_through(frame):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        exposure = dirty_exposure(rng, frame)
        live, prepared = live_run(exposure), Prepared.of(exposure)
        for recipe, _, run in follow(live, walk(rng, exposure, 6)):
            assert_same_run(run, process_exposure(prepared, recipe))


@pytest.mark.parametrize("shape", [(1, 10), (2, 12), (1, 4), (3, 3)])
def test_moves_of_most_parameters_touch_few_pixels(shape):
    exposure = random_exposure(1, (*shape, 30, 31), delivered=0.002)
    live = live_run(exposure)
    names = ("three_group_rejection_threshold", "min_jump_to_flag_neighbors")
    recipes = [
        DEFAULT,
        at(4.5),
        at(4.5, four_group_rejection_threshold=5.5),
        at(4.5, **dict.fromkeys(names, 8.0)),
        at(4.5, flag_4_neighbors=False),
        at(4.5, after_jump_flag_time1=25.0, after_jump_flag_dn1=30.0),
        at(3.9, after_jump_flag_time1=25.0, after_jump_flag_dn1=30.0),
    ]
    moves = list(follow(live, recipes))
    assert moves[0][1].pixels is None
    touched = [delta.pixels.size for _, delta, _ in moves[1:]]
    assert sum(touched) > 0
    for _, delta, _ in moves[1:]:
        assert np.unique(delta.pixels).size == delta.pixels.size
    assert touched[0] < exposure.pixeldq.size / 4


@pytest.mark.parametrize(
    "other",
    [
        replace(DEFAULT, fit=RampFitParameters(suppress_one_group=False)),
        replace(DEFAULT, fit=RampFitParameters(firstgroup=1)),
        replace(DEFAULT, delivered_jumps="drop"),
        at(4.0, min_diffs_single_pass=3),
        at(0.9),
    ],
)
def test_what_changes_every_pixel_takes_a_pass(other):
    live = live_run(random_exposure(2, (2, 8, 12, 9)))
    _, (_, delta, _) = follow(live, [DEFAULT, other])
    assert delta.pixels is None
    assert delta.run.rate.slope.shape == (12, 9)


def test_many_pixels_take_a_pass():
    exposure = random_exposure(2, (1, 8, 40, 30))
    for most, is_whole in ((1, True), (10**6, False)):
        live = live_run(exposure, most_pixels=most)
        _, (_, delta, _) = follow(live, [at(8.0), at(3.0)])
        assert (delta.pixels is None) == is_whole


def test_pixels_and_samples_decide_whether_a_pass_is_made():
    # To fetch a sample takes longer than to read one after the other; so does each pixel.
    exposures = [random_exposure(2, (1, n, 40, 30)) for n in (5, 40)]
    most = [most_pixels(exposure, likely=False) for exposure in exposures]
    assert 0 < 2 * most[0] < most[1] < most_pixels(exposures[1], likely=True)
    for exposure in exposures:
        prepared, is_whole = Prepared.of(exposure), []
        recipes = [at(threshold) for threshold in (8.0, 3.0, 3.001)]
        for recipe, delta, run in follow(LiveRun(prepared), recipes):
            assert_same_run(run, process_exposure(prepared, recipe))
            is_whole.append(delta.pixels is None)
        assert is_whole == [True, True, False]


@pytest.mark.parametrize("n_expected", [0, 3, 500])
def test_however_many_neighbours_are_expected_all_are_found(monkeypatch, n_expected):
    exposure = random_exposure(5, (2, 8, 30, 21))
    expected = "rampviewer.model.live.live_run.neighbors_expected"
    monkeypatch.setattr(expected, lambda *_: n_expected)
    moves = list(follow(live_run(exposure), [at(t) for t in (60.0, 8.0, 60.0)]))
    for recipe, _, run in moves:
        assert_same_run(run, process_exposure(Prepared.of(exposure), recipe))
    assert min(delta.pixels.size for _, delta, _ in moves[1:]) > 20


def test_a_pass_is_made_until_events_are_known_down_to_the_threshold():
    live = live_run(random_exposure(3))
    assert live.recipe is None
    live.prepare()  # nothing to look at yet
    live.move_to(DEFAULT)
    assert live.move_to(at(4.1)).pixels is None
    live.prepare(3.0)
    assert live.move_to(at(4.0)).pixels is not None
    assert live.move_to(at(2.5)).pixels is None
    live.prepare(2.0)
    assert live.move_to(at(2.0)).pixels is not None
    assert live.recipe == at(2.0)


def test_generations_count_the_moves():
    live = live_run(random_exposure(3))
    deltas = [live.move_to(at(t)) for t in (4.0, 4.0, 5.0)]
    assert [delta.generation for delta in deltas] == [1, 2, 3]
    assert deltas[1].pixels.size == 0


class Stop:
    """Says cancelled from the n-th question on."""

    def __init__(self, n):
        self.questions, self.n = 0, n

    def __call__(self):
        self.questions += 1
        return self.questions > self.n


@given(seed=SEEDS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_walk_that_is_interrupted_ends_where_another_does(seed):
    rng = np.random.default_rng(seed)
    exposure = dirty_exposure(rng)
    live = live_run(exposure)
    *recipes, last = walk(rng, exposure, 6)
    run, n_cancelled = None, 0
    for recipe in recipes:
        try:
            delta = live.move_to(recipe, Stop(int(rng.integers(0, 6))))
            run = applied(delta, run)
            if run.is_large_stale:
                run = applied(live.refresh(Stop(int(rng.integers(0, 6)))), run)
        except CancelledError:
            n_cancelled += 1
        live.prepare(1.0)
    run = settled(live, live.move_to(last), run)
    assert_same_run(run, process_exposure(Prepared.of(exposure), last))


def test_any_point_of_a_local_move_may_be_the_last():
    exposure = random_exposure(5, (2, 8, 30, 21))
    for n in itertools.count():
        live = live_run(exposure)
        _, (_, _, run) = follow(live, [at(20.0), at(12.0)])
        stop = Stop(n)
        try:
            live.move_to(at(5.0), stop)
        except CancelledError:
            assert live.recipe == at(12.0)
        else:
            break
        run = applied(live.move_to(at(6.0)), run)
        assert_same_run(run, process_exposure(Prepared.of(exposure), at(6.0)))
    assert n > 2


@pytest.mark.parametrize(
    ("lanes", "rows", "n_threads"), [(1, 1, 3), (7, 2, 1), (999, 9, 2)]
)
def test_blocks_and_threads_change_nothing(monkeypatch, lanes, rows, n_threads):
    exposure = dirty_exposure(np.random.default_rng(7), (17, 19))
    recipes = [at(t) for t in (20.0, 4.0, 4.1, 7.0)]
    wanted = [run for *_, run in follow(live_run(exposure), recipes)]
    monkeypatch.setattr(live_excerpt, "LANES", lanes)
    monkeypatch.setattr(live_excerpt, "ROWS", rows)
    moves = follow(live_run(exposure, n_threads=n_threads), recipes)
    for run, (*_, other) in zip(wanted, moves, strict=True):
        assert_same_run(run, other)


def test_no_kernel_is_compiled_again_while_walking():
    kernels = (
        row_block.even_rows,
        picked.detect_picked,
        picked.compare_picked,
        picked.pick_planes,
        events.find_events,
        reach.list_once,
        reach.list_others_around,
        reach.exchange_sources,
        flagged.fit_flagged_rows,
        bits.put_jumps,
        bits.put_values,
        fit_rows,
        diagnose_rows,
        live_excerpt.flag_from_neighbors,
        live_excerpt.follow_even_rows,
    )
    counts = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        exposure = dirty_exposure(rng)
        first = [at(t, after_jump_flag_time1=30.0) for t in (5.0, 6.0)]
        assert len(list(follow(live_run(exposure), [*first, *walk(rng, exposure, 6)]))) == 9
        counts.append([len(kernel.signatures) for kernel in kernels])
    assert counts[0] == counts[-1]
    assert min(counts[0]) > 0


def test_the_edges_of_the_frame_have_fewer_neighbours():
    # One large jump in each corner, between pixels that nothing happened to.
    steps = np.full((9, 6), 100.0)
    steps[[0, 2, 6, 8], 3] = 5000.0
    exposure = ramp_exposure(steps)
    cube = exposure.sci.reshape(1, 7, 3, 3)
    frame = [np.ones((3, 3)) for _ in range(2)]
    exposure = type(exposure).from_arrays(
        cube, np.zeros(cube.shape), np.zeros((3, 3)), *frame, exposure.timing
    )
    limits = {"max_jump_to_flag_neighbors": 1e4}
    live = live_run(exposure)
    _, (_, delta, run), (_, back, run_before) = follow(
        live, [at(1000.0, **limits), at(4.0, **limits), at(1000.0, **limits)]
    )
    assert sorted(delta.pixels) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert run.n_jumps.tolist() == [[1, 1, 1], [1, 0, 1], [1, 1, 1]]
    assert sorted(back.pixels) == sorted(delta.pixels)
    assert not run_before.n_jumps.any()


def test_rows_of_a_pass_are_handed_on_while_it_lasts():
    exposure = random_exposure(6, (1, 6, 200, 5))
    items = list(live_run(exposure, n_threads=1).steps(DEFAULT, (130, 150)))
    assert all(isinstance(item, Tile) for item in items[:-1])
    start, stop = items[0].bands[0]
    assert start <= 130 < stop
    assert items[-1].run.recipe == DEFAULT


def steps_until_given_up(live, recipe, first_rows):
    """Return the bands of a pass that a newer target waits for from the start."""
    steps, tiles = live.steps(recipe, first_rows, is_outdated=lambda: True), []
    with pytest.raises(CancelledError):
        tiles.extend(steps)
    return [band for tile in tiles for band in tile.bands]


def test_passes_that_give_way_reach_all_rows_in_sight_one_after_the_other():
    exposure = random_exposure(6, (1, 6, 640, 5))
    live = live_run(exposure, n_threads=1)
    run, in_sight, seen = live.move_to(DEFAULT).run, (130, 500), set()
    for k in range(6):
        fit = replace(DEFAULT.fit, suppress_one_group=bool(k % 2))
        bands = steps_until_given_up(live, replace(at(4.0 + k), fit=fit), in_sight)
        assert not seen & set(bands)
        seen.update(bands)
    assert min(seen)[0] <= 130
    assert max(seen)[1] >= 500
    run = applied(live.move_to(at(7.0)), run)
    assert_same_run(run, process_exposure(Prepared.of(exposure), at(7.0)))


def test_a_pass_that_is_only_quicker_than_a_move_is_finished():
    exposure = random_exposure(6, (1, 6, 640, 5))
    live = live_run(exposure, n_threads=1, most_pixels=0)
    live.move_to(DEFAULT)
    steps_until_given_up(live, at(5.0), (0, 640))  # no event is known yet
    live.prepare(3.0)
    *_, delta = live.steps(at(5.0), is_outdated=lambda: True)
    assert delta.pixels is None
    steps_until_given_up(live, at(2.0), (0, 640))  # below what is known


@pytest.mark.parametrize("n_expected", [0, 500])
def test_the_trimming_of_miri_groups_follows_a_move(monkeypatch, n_expected):
    # Room for pixels that do not come looks like groups without any flag.
    monkeypatch.setattr(pages, "empty", np.zeros)
    expected = "rampviewer.model.live.live_run.neighbors_expected"
    monkeypatch.setattr(expected, lambda *_: n_expected)
    # Only one pixel uses the last group, unless a jump leaves it with one good group.
    shape = (1, 6, 4, 5)
    sci = np.broadcast_to(np.arange(6.0)[None, :, None, None] * 10, shape).copy()
    groupdq = np.zeros(shape, np.uint8)
    groupdq[:, -1] = Dq.DO_NOT_USE
    groupdq[0, :, 2, 3] = (1, 1, 1, 16, 0, 0)
    sci[0, 4:, 2, 3] += 300.0
    timing = Timing(frame_time=1.0, group_time=1.0)
    frame = np.zeros((4, 5))
    exposure = Exposure.from_arrays(sci, groupdq, frame, 1.0, 5.0, timing, "MIRI")
    name = "three_group_rejection_threshold"
    live, n_segments = live_run(exposure), []
    for recipe, delta, run in follow(live, [at(4.0, **{name: t}) for t in (99, 9, 8, 99)]):
        assert_same_run(run, process_exposure(Prepared.of(exposure), recipe))
        n_segments.append((delta.pixels is None, int(run.diagnostics.n_good[0, 0])))
    assert n_segments == [(True, 5), (True, 5), (False, 5), (True, 5)]


def test_a_pixel_that_uses_a_trimmed_group_no_more_leaves_it_to_others():
    exposure = random_exposure(8, (2, 8, 30, 29), "MIRI", delivered=0.0)
    moves = list(follow(live_run(exposure), [at(t) for t in (20.0, 4.0, 4.5, 9.0)]))
    for recipe, _, run in moves:
        assert_same_run(run, process_exposure(Prepared.of(exposure), recipe))
    assert all(delta.pixels is not None for _, delta, _ in moves[1:])
