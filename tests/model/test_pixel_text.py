import math

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.model.pixel.pixel_reasons import ERROR_CONVENTION, why_integration, why_rate
from rampviewer.model.pixel.pixel_text import (
    group_text,
    jump_sentences,
    plain_text,
    readout,
    sections,
)
from rampviewer.model.text.number_text import number_text, rate_text, short_rate
from tests.pixel_views import make_decision, make_view, noisy, two_jumps

NAN = float("nan")


def lines(view, title):
    return next(s.lines for s in sections(view) if s.title == title)


@pytest.mark.parametrize(
    ("value", "err", "texts"),
    [
        (12.3456, 0.0789, ("12.3456", "0.0789")),
        (0.00012347, 0.0000067, ("0.0001235", "0.0000067")),
        (1234567.8, 12.0, ("1234567.8", "12.0")),
        (NAN, 0.0, ("NaN", "0")),
    ],
)
def test_the_error_sets_the_decimals(value, err, texts):
    assert number_text(value, err) == texts


def test_a_rate_that_is_missing_is_nan_without_error():
    assert rate_text(NAN, 0.0) == "NaN"
    assert rate_text(12.3456, 0.0789) == "12.346 ± 0.079 DN/s"
    assert rate_text(-339.8368, 203.0413) == "-340 ± 203 DN/s"
    assert rate_text(1.5, 0.0) == "1.50 DN/s, error written as 0"
    assert number_text(1.5, 0.0) == ("1.5000", "0")
    assert rate_text(1.5, NAN) == "1.50 ± NaN DN/s"


@pytest.mark.parametrize(
    ("slope", "err", "text"),
    [
        (12.3456, 0.0789, "12.346 ± 0.079"),
        (512.3, 45.0, "512 ± 45"),
        (278415.672, 0.0, "278415.67"),
    ],
)
def test_a_label_gives_two_digits_of_the_error(slope, err, text):
    assert short_rate(slope, err) == text


def test_the_readout_names_everything_in_fixed_columns():
    assert readout(two_jumps(), 0, 4) == (
        "x  512 y  300 | group   4 int  0 |    880.0 DN | rate   12.0000 ± 0.0789 DN/s "
        "| jumps  2 segs  3 | JUMP_DET"
    )


def test_the_columns_of_the_readout_stay_where_they_are():
    texts = [
        readout(make_view([[523.0]]), 0, 0),
        readout(two_jumps(), 0, 9),
        readout(noisy(12, 40, [(3, 5, 90)]), 11, 39),
    ]
    bars = [[k for k, c in enumerate(text) if c == "|"] for text in texts]
    assert bars[0] == bars[1] == bars[2]


def test_the_readout_decodes_several_flags_and_pixeldq():
    view = make_view(
        [100.0, 200.0], [0, Dq.JUMP_DET | Dq.SATURATED], pixeldq=int(Dq.HOT | Dq.RC)
    )
    assert readout(view, 0, 1).endswith("| SATURATED, JUMP_DET | pixel: HOT, RC")
    assert readout(view, 0, 0).endswith("| good | pixel: HOT, RC")


def test_a_jump_says_its_step_its_ratio_and_its_origin():
    assert jump_sentences(two_jumps()) == (
        "int 0 group 4: step 420 DN, 11.3 sigma > 4, primary, removal 1 of 2",
        "int 0 group 7: step 620 DN, 11.3 sigma > 4, primary, removal 2 of 2",
    )


def test_a_single_jump_needs_no_number_of_removal():
    signal = [0.0, 10.0, 20.0, 232.0, 242.0]
    view = make_view(signal, [0, 0, 0, Dq.JUMP_DET, 0])
    assert jump_sentences(view) == ("int 0 group 3: step 212 DN, 11.3 sigma > 4, primary",)


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (Origin.NEIGHBOR, "neighbour of a jump"),
        (Origin.AFTER_JUMP, "after a jump"),
        (Origin.DELIVERED, "delivered with the file"),
    ],
)
def test_a_flag_of_another_origin_says_so(origin, words):
    signal = np.array([[0.0, 10.0, 20.0, 32.5]])
    decision = make_decision(signal, np.zeros((1, 4), np.uint8))
    view = make_view(
        signal, [0, 0, 0, Dq.JUMP_DET], origin=[0, 0, 0, origin], decision=decision
    )
    assert jump_sentences(view) == (f"int 0 group 3: step 12.5 DN, 1.2 sigma < 4, {words}",)


def test_a_ratio_next_to_the_threshold_is_not_rounded_onto_it():
    decision = make_decision(
        np.array([[0.0, 1.0]]), np.zeros((1, 2), np.uint8), ratio=np.array([[4.004]])
    )
    view = make_view([0.0, 1.0], [0, Dq.JUMP_DET], decision=decision)
    assert "4.004 sigma > 4" in jump_sentences(view)[0]


def test_a_jump_in_group_0_has_no_step():
    view = make_view([5.0, 6.0], [Dq.JUMP_DET, 0], origin=[Origin.DELIVERED, 0])
    assert jump_sentences(view) == ("int 0 group 0: delivered with the file",)


def test_a_group_is_told_in_one_sentence():
    assert group_text(two_jumps(), 0, 4) == (
        "int 0 group 4: 880.0 DN, step 420 DN, 11.3 sigma > 4, JUMP_DET, primary"
    )
    assert group_text(two_jumps(), 0, 1) == (
        "int 0 group 1: 220.0 DN, step 120 DN, 1.2 sigma < 4, good"
    )
    view = make_view([1.0, 2.0, 3.0], [0, 0, Dq.SATURATED])
    assert group_text(view, 0, 2).endswith("SATURATED, not in the fit")


def test_the_iterative_branch_names_the_threshold_that_applied():
    assert lines(two_jumps(), "Jump detection")[1:] == (
        "9 of 9 two-point differences could be used.",
        "Threshold that applied: rejection_threshold = 4 sigma.",
    )


def test_four_groups_in_one_integration_never_meet_the_rejection_threshold():
    signal = np.array([[0.0, 10, 20, 30]])
    decision = make_decision(
        signal,
        np.zeros((1, 4), np.uint8),
        threshold=5.0,
        threshold_name="four_group_rejection_threshold",
    )
    assert lines(make_view(signal, decision=decision), "Jump detection")[2:] == (
        "Threshold that applied: four_group_rejection_threshold = 5 sigma.",
        "rejection_threshold can never apply to this exposure: "
        "4 groups in 1 integration give 3 differences, it needs 4.",
    )


def test_two_integrations_of_four_groups_may_meet_the_rejection_threshold():
    signal = np.ones((2, 4))
    decision = make_decision(
        signal,
        np.zeros((2, 4), np.uint8),
        threshold=5.0,
        threshold_name="four_group_rejection_threshold",
    )
    text = lines(make_view(signal, decision=decision), "Jump detection")
    assert text[-1].startswith("rejection_threshold did not apply to this pixel")


def test_a_pixel_with_few_differences_is_not_the_fault_of_the_exposure():
    signal = np.arange(10.0)[None]
    decision = make_decision(
        signal,
        np.zeros((1, 10), np.uint8),
        threshold=6.0,
        threshold_name="three_group_rejection_threshold",
    )
    assert lines(make_view(signal, decision=decision), "Jump detection")[-1] == (
        "rejection_threshold did not apply to this pixel: "
        "fewer than 4 differences could be used."
    )


def test_without_any_threshold_that_is_said():
    signal = np.arange(10.0)[None]
    decision = make_decision(
        signal, np.zeros((1, 10), np.uint8), threshold=NAN, threshold_name=""
    )
    text = lines(make_view(signal, decision=decision), "Jump detection")
    assert text[2:] == ("No threshold applied: too few differences could be used.",)


@pytest.mark.parametrize(
    ("branch", "start"),
    [
        ("single pass", "Branch: single pass."),
        ("as delivered", "As delivered:"),
        ("skipped", "Jump detection was skipped"),
    ],
)
def test_every_branch_has_its_sentence(branch, start):
    signal = np.arange(3.0)[None]
    decision = make_decision(signal, np.zeros((1, 3), np.uint8), branch=branch)
    text = lines(make_view(signal, decision=decision), "Jump detection")
    assert text[0].startswith(start)
    assert not any("can never apply" in line for line in text)


def test_a_pixel_saturated_from_the_start_has_no_rate():
    view = make_view(np.arange(5.0), [2, 2, 2, 2, 2])
    assert why_rate(view) == "rate is NaN: saturated from group 0"
    assert lines(view, "Rate")[0] == "rate is NaN: saturated from group 0"


def test_a_ramp_without_a_usable_group_says_why():
    assert why_rate(make_view(np.arange(3.0), [1, 1, 1])).endswith(
        "every group is DO_NOT_USE"
    )
    assert why_rate(make_view(np.arange(3.0), [1, 2, 3])).endswith(
        "saturated from group 1, the groups before it are DO_NOT_USE"
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"gain": NAN}, "the gain of this pixel is nan"),
        ({"gain": -1.0}, "the gain of this pixel is -1"),
        ({"readnoise": 0.0}, "the read noise of this pixel is 0"),
    ],
)
def test_a_bad_reference_value_explains_a_missing_rate(change, reason):
    view = make_view(np.arange(4.0), rates=[NAN], slope=NAN, **change)
    assert why_rate(view) == f"rate is NaN: {reason}"


def test_a_ramp_of_jumps_has_slope_zero():
    view = make_view(np.arange(4.0), [4, 4, 4, 4], rates=[0.0], slope=0.0)
    assert why_integration(view, 0) == "slope is 0: every group is a jump"
    assert why_rate(view) == "rate is 0: every group is a jump"


def test_a_sound_rate_needs_no_reason():
    assert why_rate(two_jumps()) == ""
    assert why_integration(two_jumps(), 0) == ""


def test_integrations_that_fail_differently_are_told_apart():
    view = make_view(np.ones((2, 3)), [[2, 2, 2], [1, 1, 1]])
    assert "each for its own reason" in why_rate(view)
    text = lines(view, "Integrations and segments")
    assert text == (
        "int 0: slope is NaN: saturated from group 0; 0 segments; DQ SATURATED",
        "int 1: slope is NaN: every group is DO_NOT_USE; 0 segments; DQ DO_NOT_USE",
    )


def test_segments_come_with_groups_and_weight():
    assert lines(two_jumps(), "Integrations and segments")[:2] == (
        "int 0: 12.000 ± 0.079 DN/s; 3 segments; DQ JUMP_DET",
        "int 0 groups 0 to 3: 12.000 ± 0.079 DN/s, weight 33.3 %",
    )


def test_flags_are_listed_by_ranges_of_groups():
    view = make_view(np.arange(6.0), [1, 0, 0, 2, 2, 3])
    assert lines(view, "Flags") == (
        "int 0 groups 0, 5: DO_NOT_USE",
        "int 0 groups 3 to 5: SATURATED",
    )
    assert lines(make_view(np.arange(6.0)), "Flags") == ("No group carries a flag.",)


def test_a_nan_datum_in_a_fit_is_said_to_count_as_zero():
    view = make_view([1.0, NAN, 3.0])
    assert lines(view, "Flags")[0] == (
        "int 0 group 1: the datum is NaN, it counted as 0 in the fit"
    )
    flagged = make_view([1.0, NAN, 3.0], [0, 1, 0])
    assert lines(flagged, "Flags")[1] == "int 0 group 1: the datum is NaN"


def test_pixeldq_is_decoded_with_its_meaning():
    view = make_view(np.arange(3.0), pixeldq=int(Dq.HOT))
    assert lines(view, "Pixel") == (
        "Gain 2 electron/DN, read noise 12.5 DN (CDS)",
        "PIXELDQ HOT: Hot pixel.",
    )


def test_the_jumps_come_right_after_the_rate():
    titles = [section.title for section in sections(two_jumps())]
    assert titles[:3] == ["Rate", "Jumps", "Jump detection"]
    assert lines(two_jumps(), "Rate") == ("12.000 ± 0.079 DN/s", "Rate DQ: JUMP_DET")
    assert lines(two_jumps(), "Run") == (
        "run 1: 4 sigma; rejection_threshold=4, delivered jumps dropped",
    )


def test_only_a_differing_error_of_the_one_integration_is_explained():
    told = make_view(two_jumps().integrations[0].signal, [0, 0, 0, 4] + 6 * [0], err=0.1)
    assert lines(told, "Integrations and segments")[-1] == ERROR_CONVENTION
    for view in (
        two_jumps(),
        make_view(np.arange(6.0), err=0.1),
        noisy(2, 8, [(0, 4, 90)]),
    ):
        assert ERROR_CONVENTION not in lines(view, "Integrations and segments")


def test_a_rate_of_zero_from_nan_data_says_so():
    view = make_view(np.full((1, 6), NAN), rates=[0.0], slope=0.0)
    reason = "every datum of the fit is NaN, and a NaN datum counted as 0"
    assert lines(view, "Rate")[0] == f"rate is 0: {reason}"
    some = make_view([0.0, NAN, 0.0], rates=[0.0], slope=0.0)
    assert why_rate(some) == "rate is 0: the fit gave 0; a NaN datum counted as 0"
    none = make_view([0.0, 0.0, 0.0], rates=[0.0], slope=0.0)
    assert why_rate(none) == "rate is 0: the fit gave 0"


def test_the_clipboard_gets_all_of_it():
    text = plain_text(two_jumps())
    assert text.startswith("Pixel x 512, y 300 (0-based), run 1: 4 sigma")
    for section in sections(two_jumps()):
        for line in section.lines:
            assert line in text


def test_the_number_of_nan_rates_does_not_disturb_the_text():
    view = make_view(np.full((1, 10), np.nan), np.ones((1, 10)))
    assert math.isnan(view.slope)
    assert "rate                NaN DN/s" in readout(view, 0, 0)
