"""What hypothesis draws: instruments, read patterns and every parameter of both steps."""

from hypothesis import strategies as st

from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.timing import Timing

SEEDS = st.integers(0, 2**32 - 1)
INSTRUMENTS = st.sampled_from(["NIRCAM", "MIRI", "NIRISS", "NIRSPEC", "FGS"])
N_INTS = st.integers(1, 3)
# Few groups have rules of their own: one and two are not searched for jumps, three and four
# have their own thresholds, eleven are the first that take a single pass.
N_GROUPS = st.integers(1, 6) | st.integers(7, 14) | st.integers(15, 40)
# Enough of them for sigma clipping.
MANY_INTS = N_INTS | st.integers(4, 12)
DIRT = st.sampled_from([0.0, 0.15, 0.6])


@st.composite
def timings(draw) -> Timing:
    frame_time = draw(st.sampled_from([0.5, 2.77504, 10.73677]))
    n_frames = draw(st.sampled_from([1, 1, 2, 4, 8]))
    groupgap = draw(st.sampled_from([0, 1, 5]))
    return Timing(
        frame_time=frame_time,
        group_time=frame_time * (n_frames + groupgap),
        n_frames=n_frames,
        groupgap=groupgap,
        drop_frames1=draw(st.sampled_from([0, 0, 3])),
    )


@st.composite
def uneven_timings(draw, n_groups: int) -> Timing:
    """Draw read times with one to four reads in a group and gaps between the groups."""
    clock, groups = 0.0, []
    for _ in range(n_groups):
        clock += draw(st.sampled_from([0.0, 2.5, 7.5]))
        n_reads = draw(st.integers(1, 4))
        groups.append(tuple(clock + 2.5 * (k + 1) for k in range(n_reads)))
        clock = groups[-1][-1]
    return Timing(
        frame_time=2.5,
        group_time=draw(st.sampled_from([2.5, 10.0])),
        n_frames=draw(st.sampled_from([1, 4])),
        read_times=tuple(groups),
    )


def jump_parameters(**changes) -> st.SearchStrategy[JumpParameters]:
    """Draw every parameter of the two-point search; `changes` are strategies of others."""
    after = st.sampled_from([0.0, 0.0, 0.0, 11.0, 60.0, 1e4])
    drawn = {
        "rejection_threshold": st.sampled_from([4.0, 4.0, 2.5, 3.75, 1.0, 8.0, 0.0]),
        "three_group_rejection_threshold": st.sampled_from([6.0, 3.0]),
        "four_group_rejection_threshold": st.sampled_from([5.0, 2.0]),
        "flag_4_neighbors": st.sampled_from([True, True, True, False]),
        "max_jump_to_flag_neighbors": st.sampled_from([1000.0, 40.0, 4.0]),
        "min_jump_to_flag_neighbors": st.sampled_from([10.0, 5.0, 0.0]),
        "after_jump_flag_dn1": st.sampled_from([0.0, 64.0, 1000.0, -8.0]),
        "after_jump_flag_time1": after,
        "after_jump_flag_dn2": st.sampled_from([0.0, 256.0]),
        "after_jump_flag_time2": after,
        "min_diffs_single_pass": st.sampled_from([10, 10, 10, 3, 50]),
        "minimum_groups": st.sampled_from([3, 3, 1, 9]),
        "minimum_sigclip_groups": st.sampled_from([100, 100, 2, 3, 20]),
        "only_use_ints": st.booleans(),
        "use_ellipses": st.booleans(),
    }
    return st.builds(JumpParameters, **(drawn | changes))


@st.composite
def fit_parameters(draw, n_groups: int, algorithm: str = "OLS_C") -> RampFitParameters:
    limit = st.none() | st.none() | st.integers(-1, n_groups + 1)
    return RampFitParameters(
        algorithm=algorithm,
        suppress_one_group=draw(st.booleans()),
        firstgroup=draw(limit),
        lastgroup=draw(limit),
    )
