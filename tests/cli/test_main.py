import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.cli import main
from rampviewer.cli.info import table
from rampviewer.io.demo import write_demo
from rampviewer.model.exposure import Pixel
from rampviewer.model.settings.reference_choices import ReferenceChoices
from rampviewer.model.simulate import SimulationSettings, simulate

SATURATED, JUMP_DET = 2, 4


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    simulated = simulate(SimulationSettings(size=64, n_groups=6))
    return write_demo(tmp_path_factory.mktemp("demo") / "x_ramp.fits", simulated)


@pytest.fixture
def process(demo, tmp_path):
    """Run `rampviewer process` on the demo and the given words; products go to out/."""

    def run(*words, references=True):
        given = [
            "--override-gain",
            str(demo.gain),
            "--override-readnoise",
            str(demo.readnoise),
        ]
        return main(
            ["process", *words, "-o", str(tmp_path / "out"), *(given if references else [])]
        )

    return run


@pytest.fixture
def shown(monkeypatch):
    """Stand in for the window; holds what it was opened with."""
    calls = []

    def open_window(*arguments, whole_series):
        calls.append((*arguments, "whole series") if whole_series else arguments)
        return 0

    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setitem(
        sys.modules, "rampviewer.app", SimpleNamespace(open_window=open_window)
    )
    handler = signal.getsignal(signal.SIGINT)
    yield calls
    signal.signal(signal.SIGINT, handler)


def n_jumps(path):
    return int((fits.getdata(path, "GROUPDQ") & JUMP_DET > 0).sum())


def test_process_writes_three_products_and_names_them(process, demo, tmp_path, capsys):
    assert process(str(demo.ramp)) == 0
    names = [tmp_path / "out" / f"x_{p}.fits" for p in ("jump", "rate", "rateints")]
    said = capsys.readouterr()
    assert said.out.split() == [str(name) for name in names]
    assert said.err == ""
    assert sorted(tmp_path.joinpath("out").iterdir()) == sorted(names)
    assert np.isfinite(fits.getdata(names[1], "SCI")).mean() > 0.9


def test_all_files_of_a_folder_are_processed_once_though_it_holds_the_products_too(
    demo, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    for name in ("a_ramp.fits", "b_ramp.fits"):
        shutil.copy(demo.ramp, name)
    numbers = ("--gain", "1.8", "--readnoise", "9", "-q")

    def process_all(*words):
        names = sorted(path.name for path in tmp_path.glob("*.fits"))
        code = main(["process", *names, *numbers, *words])
        return code, capsys.readouterr().err

    assert process_all("--save-opt")[0] == 0
    code, said = process_all()  # also of products that are not wanted this time
    assert code == 0
    assert "a_jump.fits: it is a product of a_ramp.fits; skipped" in said
    assert "10 exposures: 0 processed, 10 skipped" in said
    code, said = process_all("--overwrite")
    assert code == 0
    assert "10 exposures: 2 processed, 8 skipped" in said


def test_process_uses_the_parameters(process, demo, tmp_path):
    jumps = []
    for threshold in ("4", "20"):
        assert (
            process(str(demo.ramp), "--rejection_threshold", threshold, "--overwrite") == 0
        )
        jumps.append(n_jumps(tmp_path / "out" / "x_jump.fits"))
    assert jumps[0] > jumps[1] > 0


def test_process_drops_delivered_jumps_when_told(process, demo, tmp_path):
    with fits.open(demo.ramp) as hdus:
        hdus["GROUPDQ"].data[0, 2, 10, 10:20] |= JUMP_DET
        hdus.writeto(tmp_path / "y_ramp.fits")
    kept = tmp_path / "out" / "y_jump.fits"
    assert process(str(tmp_path / "y_ramp.fits")) == 0
    flags = fits.getdata(kept, "GROUPDQ")[0, 2, 10, 10:20] & JUMP_DET
    assert (flags > 0).all()
    assert (
        process(str(tmp_path / "y_ramp.fits"), "--delivered-jumps", "drop", "--overwrite")
        == 0
    )
    flags = fits.getdata(kept, "GROUPDQ")[0, 2, 10, 10:20] & JUMP_DET
    assert (flags > 0).mean() < 0.5


@pytest.mark.parametrize("cores", ["none", "2"])
def test_products_do_not_depend_on_the_number_of_cores(process, demo, tmp_path, cores):
    assert process(str(demo.ramp)) == 0
    rate = fits.getdata(tmp_path / "out" / "x_rate.fits", "SCI").copy()
    assert process(str(demo.ramp), "--overwrite", "--maximum-cores", cores) == 0
    np.testing.assert_array_equal(
        fits.getdata(tmp_path / "out" / "x_rate.fits", "SCI"), rate
    )


def test_save_opt_adds_the_segments(process, demo, tmp_path):
    assert process(str(demo.ramp), "--save_opt=True") == 0
    assert fits.getdata(tmp_path / "out" / "x_fitopt.fits", "SLOPE").ndim == 4


def test_scalars_stand_for_references(process, demo, tmp_path):
    words = (str(demo.ramp), "--gain", "2.05", "--readnoise", "7.7")
    assert process(*words, references=False) == 0
    assert (tmp_path / "out" / "x_rate.fits").exists()


def test_without_references_nothing_is_guessed(process, demo, tmp_path, capsys):
    assert process(str(demo.ramp), references=False) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "x_ramp.fits" in said
    assert "gain" in said
    assert not (tmp_path / "out").exists()


def test_a_bad_file_does_not_stop_the_others(process, demo, tmp_path, capsys):
    bad = tmp_path / "bad_ramp.fits"
    bad.write_text("no FITS")
    assert process(str(tmp_path / "gone.fits"), str(bad), str(demo.ramp)) == 1
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert [line.split()[0] for line in lines] == ["rampviewer:"] * 3
    assert "gone.fits" in lines[0]
    assert "bad_ramp.fits" in lines[1]
    assert lines[2].endswith(
        "3 exposures: 1 processed, 2 failed (gone.fits, bad_ramp.fits)"
    )
    assert (tmp_path / "out" / "x_rate.fits").exists()


def test_existing_products_are_kept_unless_told_otherwise(process, demo, tmp_path, capsys):
    product = tmp_path / "out" / "x_rateints.fits"
    product.parent.mkdir()
    product.write_text("mine")
    assert process(str(demo.ramp)) == 1
    assert "x_rateints.fits exists; --overwrite replaces it" in capsys.readouterr().err
    assert product.read_text() == "mine"
    assert list(product.parent.iterdir()) == [product]
    assert process(str(demo.ramp), "--overwrite") == 0
    assert fits.getheader(product)["DATAMODL"]


def test_two_files_of_one_name_do_not_replace_each_other(process, demo, tmp_path, capsys):
    other = tmp_path / "x_ramp.fits"
    other.write_bytes(demo.ramp.read_bytes())
    assert process(str(demo.ramp), str(other), "--overwrite") == 1
    assert "is written for another file" in capsys.readouterr().err


def test_when_nothing_can_be_fitted_it_says_so_and_writes_no_rate(
    process, demo, tmp_path, capsys
):
    with fits.open(demo.ramp) as hdus:
        hdus["GROUPDQ"].data[:] |= SATURATED
        hdus.writeto(tmp_path / "dead_ramp.fits")
    assert process(str(tmp_path / "dead_ramp.fits")) == 1
    said = capsys.readouterr().err
    assert "no ramp can be fitted" in said
    assert f"only the flags were written ({tmp_path / 'out' / 'dead_jump.fits'})" in said
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["dead_jump.fits"]


@pytest.mark.parametrize(
    "words",
    [
        ["process"],
        ["process", "x.fits", "--rejection-threshold", "-1"],
        ["process", "x.fits", "--algorithm", "GLS"],
        ["process", "x.fits", "--maximum-cores", "some"],
        ["info"],
        ["demo"],
        ["demo", "x.txt"],
        ["demo", "x.fits", "--size", "63"],
        ["--pixel", "3"],
        ["a.fits", "b.fits"],
    ],
)
def test_wrong_usage_is_2(words, capsys):
    assert main(words) == 2
    assert "--help" in capsys.readouterr().err


def test_info_describes_each_file_and_goes_on_after_a_bad_one(demo, tmp_path, capsys):
    words = ["info", str(demo.ramp), str(tmp_path / "gone.fits"), str(demo.ramp)]
    assert main([*words, "--gain", "2.25"]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "gone.fits" in said.err
    one, two = said.out.split("\n\n")
    assert one == two.rstrip("\n")
    assert "6 groups" in one
    assert "2.25 electron/DN" in one


def test_info_wraps_long_texts_beside_their_labels():
    lines = table({"a": "one two three four five six", "long label": "x"}, 32).splitlines()
    assert lines == [
        "a           one two three four",
        "            five six",
        "long label  x",
    ]


def test_demo_writes_what_its_last_words_open(tmp_path, capsys):
    out = tmp_path / "sky_ramp.fits"
    assert main(["demo", str(out), "--size", "64", "--groups", "3", "--ints", "2"]) == 0
    assert fits.getdata(out, "SCI").shape == (2, 3, 64, 64)
    said = capsys.readouterr().out
    assert f"rampviewer {out} --override-gain {tmp_path / 'sky_gain.fits'}" in said
    assert main(["demo", str(out), "--size", "64"]) == 1
    assert "--overwrite" in capsys.readouterr().err


def test_demo_makes_the_folder(tmp_path):
    out = tmp_path / "new" / "er" / "x.fits"
    assert main(["demo", str(out), "--size", "64"]) == 0
    assert sorted(path.name for path in out.parent.iterdir()) == [
        "x.fits",
        "x_gain.fits",
        "x_readnoise.fits",
    ]


@pytest.mark.parametrize("command", ["demo", "process"])
def test_a_file_where_the_folder_should_be_is_said_and_kept(
    process, demo, tmp_path, capsys, command
):
    (tmp_path / "out").write_text("mine")
    if command == "process":
        assert process(str(demo.ramp)) == 1
    else:
        assert main(["demo", str(tmp_path / "out" / "x.fits"), "--size", "64"]) == 1
    said = capsys.readouterr().err
    assert f"{tmp_path / 'out'} is not a folder\n" in said
    assert said.count("\n") == 1
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["procss", "x.fits"], "procss is neither a command nor a file; did you mean"),
        (["xyzzy"], "xyzzy is neither a command nor a file (see rampviewer --help)"),
    ],
)
def test_a_mistyped_command_is_named(shown, capsys, words, said):
    assert main(words) == 2
    assert said in capsys.readouterr().err
    assert shown == []


def test_a_file_without_an_ending_is_no_mistyped_command(shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "procss").touch()
    assert main(["procss"]) == 0
    assert [str(path) for path in shown[0][0]] == ["procss"]


def test_a_range_that_is_ignored_is_one_line_on_stderr(process, demo, tmp_path, capsys):
    assert process(str(demo.ramp), "--firstgroup", "5", "--lastgroup", "3") == 0
    [line] = capsys.readouterr().err.splitlines()
    assert "firstgroup 5 and lastgroup 3 are ignored" in line
    assert "groups 0 to 5 are used" in line
    history = " ".join(
        map(str, fits.getheader(tmp_path / "out" / "x_rate.fits")["HISTORY"])
    )
    assert "used: groups 0 to 5" in history
    assert "lastgroup 3 are ignored" in " ".join(history.split())


def test_a_saturation_level_flags_an_uncalibrated_exposure(process, demo, tmp_path, capsys):
    path = tmp_path / "y_uncal.fits"
    with fits.open(demo.ramp) as hdus:
        del hdus["GROUPDQ"], hdus["PIXELDQ"]
        for step in ("S_SATURA", "S_LINEAR"):
            hdus[0].header.remove(step, ignore_missing=True)
        level = float(np.percentile(hdus["SCI"].data, 99))
        hdus.writeto(path)
    assert process(str(path), "--saturation", str(level)) == 0
    said = capsys.readouterr().err
    assert "y_uncal.fits: Quick look only: this exposure is uncalibrated." in said
    assert f"by one level for each pixel, {level} DN (stated)" in said
    jump = tmp_path / "out" / "y_jump.fits"
    assert (fits.getdata(jump, "GROUPDQ") & SATURATED).any()
    assert "Quick look only" in " ".join(fits.getheader(jump)["HISTORY"])


def test_a_guide_star_exposure_is_declined_and_others_go_on(
    process, demo, tmp_path, capsys
):
    guide = tmp_path / "jw01_gs-fg_uncal.fits"
    with fits.open(demo.ramp) as hdus:
        hdus[0].header["EXP_TYPE"] = "FGS_FINEGUIDE"
        hdus.writeto(guide)
    assert process(str(guide), str(demo.ramp)) == 1
    said = capsys.readouterr()
    assert f"{guide} is a guide-star exposure (FGS_FINEGUIDE)" in said.err
    assert "x_rate.fits" in said.out


def test_an_uncalibrated_exposure_is_processed_with_a_warning(
    process, demo, tmp_path, capsys
):
    with fits.open(demo.ramp) as hdus:
        for step in ("S_SATURA", "S_LINEAR"):
            del hdus[0].header[step]
        hdus.writeto(tmp_path / "y_uncal.fits")
    assert process(str(tmp_path / "y_uncal.fits")) == 0
    [line] = capsys.readouterr().err.splitlines()
    assert "y_uncal.fits: Quick look only: this exposure is uncalibrated. Bias" in line
    assert main(["info", str(tmp_path / "y_uncal.fits")]) == 0
    assert "uncalibrated" in capsys.readouterr().out


def test_what_exceeds_its_memory_budget_is_worked_on_from_disk(
    process, demo, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("RAMPVIEWER_SCRATCH", str(tmp_path))
    assert process(str(demo.ramp), "--memory-budget", "1kB") == 0
    [line] = capsys.readouterr().err.splitlines()
    assert "more than the memory budget of 1 kB has room for" in line
    assert f"scratch files in {tmp_path}" in line
    assert (tmp_path / "out" / "x_rate.fits").exists()
    assert main(["process", str(demo.ramp), "--memory-budget", "some"]) == 2
    assert "a memory budget is a size such as 4GB" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["view"]])
def test_the_window_opens_on_a_file_and_a_pixel(shown, tmp_path, words):
    path = tmp_path / "x.fits"
    given = ["--pixel", "3,4", "--gain", "2", "--override-readnoise", "r.fits"]
    assert main([*words, str(path), *given, "--memory-budget", "1.5GB"]) == 0
    [(paths, selected, references, budget)] = shown
    assert budget == 1_500_000_000
    assert paths == [path]
    assert selected == Pixel(row=4, col=3)
    assert references == ReferenceChoices(gain=2.0, readnoise=Path("r.fits"))


def test_the_window_opens_a_whole_series_when_told(shown):
    assert main(["x-seg001_ramp.fits", "--whole-series"]) == 0
    assert shown[0][-1] == "whole series"


def test_the_window_opens_without_a_file(shown):
    assert main([]) == 0
    assert shown == [([], None, ReferenceChoices(), None)]


def test_the_window_takes_one_file(shown, capsys):
    assert main(["a.fits", "b.fits"]) == 2
    assert "opens one file at a time, got a.fits, b.fits" in capsys.readouterr().err
    assert shown == []


def test_an_interruption_ends_the_window(shown):
    main([])
    assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL


def test_a_file_may_have_the_name_of_a_command(shown):
    assert main(["./process"]) == 0
    assert main(["view", "process"]) == 0
    assert [call[0][0].name for call in shown] == ["process", "process"]


@pytest.mark.skipif(sys.platform != "linux", reason="only X11 and Wayland can be missing")
def test_without_a_display_the_window_is_refused_in_a_sentence(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 1
    assert "no display" in capsys.readouterr().err


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"rampviewer {rampviewer.__version__}\n"


def test_an_interruption_is_130(monkeypatch, capsys):
    def interrupted(_words):
        raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules[main.__module__].COMMANDS, "info", interrupted)
    assert main(["info", "x"]) == 130
    assert capsys.readouterr().err == "rampviewer: interrupted\n"


def test_the_module_is_the_command_and_needs_no_qt(demo, tmp_path):
    block_qt = "import sys; sys.modules['PyQt6'] = None; "
    run_module = "import runpy; runpy.run_module('rampviewer', run_name='__main__')"
    words = [
        "process",
        str(demo.ramp),
        "--gain",
        "2",
        "--readnoise",
        "8",
        "-o",
        str(tmp_path),
    ]
    done = subprocess.run(
        [sys.executable, "-c", block_qt + run_module, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "x_rate.fits" in done.stdout


def test_a_closed_pipe_is_no_traceback(demo):
    command = f"{sys.executable} -m rampviewer demo --help | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_a_missing_reference_is_asked_for_by_the_names_of_options(
    process, demo, capsys, monkeypatch
):
    monkeypatch.delenv("CRDS_PATH", raising=False)
    assert process(str(demo.ramp), references=False) == 1
    said = capsys.readouterr().err
    assert "--override-gain FILE" in said
    assert "(--readnoise NUMBER)" in said
