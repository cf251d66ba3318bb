"""Parameter files and the official output options of `rampviewer process`."""

import json

import asdf
import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.cli import main
from tests.exposure_files import write_simulated


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_simulated(tmp_path_factory.mktemp("data"), "x_ramp.fits", n_groups=6)


@pytest.fixture
def process(files, tmp_path, monkeypatch):
    """Run `rampviewer process` on the file in a folder of its own; return its code."""
    monkeypatch.chdir(tmp_path)
    given = [
        "--override-gain",
        str(files.gain),
        "--override-readnoise",
        str(files.readnoise),
    ]

    def run(*words, references=True):
        return main(["process", str(files.ramp), *words, *(given if references else [])])

    return run


def write(path, text):
    path.write_text(text)
    return str(path)


def parameters_in(path):
    with fits.open(path) as hdus:
        lines = list(hdus[0].header["HISTORY"])
    return dict(line.strip().split(" = ") for line in lines if " = " in line), lines


def test_the_line_wins_over_the_last_file_and_that_over_the_first(process, tmp_path):
    first = write(
        tmp_path / "one.cfg",
        "class = JumpStep\nrejection_threshold = 5\nedge_size = 9\nsat_expand = 7\n",
    )
    rampviewer.write_parameters(
        tmp_path / "two.asdf", jump=rampviewer.JumpParameters(edge_size=8, sat_expand=6)
    )
    second = str(tmp_path / "two.asdf")
    assert process("--pars", first, "--pars", second, "--sat-expand=5") == 0
    found, lines = parameters_in(tmp_path / "x_rate.fits")
    # The ASDF file states every parameter, defaults too.
    assert found["rejection_threshold"] == "4.0"
    assert (found["edge_size"], found["sat_expand"]) == ("8", "5")
    assert "parameters: one.cfg, two.asdf, command line (sat_expand)" in lines


def test_without_any_parameter_the_history_says_defaults(process, tmp_path):
    assert process() == 0
    assert "parameters: defaults" in parameters_in(tmp_path / "x_jump.fits")[1]


def test_a_product_gives_its_parameters_and_none_of_its_names(process, tmp_path):
    assert process("--rejection-threshold=5.5", "--suffix=old", "-o", "old") == 0
    assert process("--pars", "old/x_0_old.fits", "-o", "new") == 0
    found, lines = parameters_in(tmp_path / "new" / "x_rate.fits")
    assert found["rejection_threshold"] == "5.5"
    assert "parameters: x_0_old.fits (delivered)" in lines
    with fits.open("old/x_0_old.fits") as old, fits.open("new/x_rate.fits") as new:
        np.testing.assert_array_equal(old["SCI"].data, new["SCI"].data)


def test_options_of_a_file_count(process, files, tmp_path, monkeypatch):
    monkeypatch.setenv("WHERE", "products")
    jump = f"override_gain = {files.gain}\noutput_dir = $WHERE\nmaximum_cores = half"
    fit = f"override_readnoise = {files.readnoise}\nsave_opt = True\nopt_name = seg.fits"
    text = f"[steps]\n[[jump]]\nsuffix = crs\n{jump}\n[[ramp_fit]]\n{fit}\n"
    pars = write(tmp_path / "all.cfg", f"class = Detector1Pipeline\n{text}")
    assert process("--pars", pars, references=False) == 0
    assert sorted(path.name for path in (tmp_path / "products").iterdir()) == [
        "seg_fitopt.fits",
        "x_crs.fits",
        "x_rate.fits",
        "x_rateints.fits",
    ]
    words = ("--no-save-opt", "--output_file=y.fits", "-o", "here", "--suffix=z")
    assert process("--pars", pars, *words, references=False) == 0
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == [
        "y_0_z.fits",
        "y_1_z.fits",
        "y_z.fits",
    ]


@pytest.mark.parametrize("where", ["pars", "both.asdf"])
def test_saved_parameters_give_the_same_again(process, tmp_path, capsys, where):
    words = ("--edge-size=9", "--lastgroup=4", "--save-opt", "--save_parameters", where)
    assert process(*words) == 0
    names = ["pars/pars-jumpstep.asdf", "pars/pars-rampfitstep.asdf"]
    names = names if where == "pars" else [where]
    assert capsys.readouterr().out.split()[: len(names)] == names
    again = [word for name in names for word in ("--pars", name)]
    assert process(*again, "-o", "again") == 0
    found, _ = parameters_in(tmp_path / "again" / "x_rate.fits")
    assert (found["edge_size"], found["lastgroup"]) == ("9", "4")
    assert (tmp_path / "again" / "x_fitopt.fits").exists()


def test_the_output_folder_is_saved_for_the_steps_or_their_pipeline(process, tmp_path):
    assert process("-o", "there", "--save-parameters", "p.asdf") == 0
    with asdf.open("p.asdf") as tree:
        assert tree["parameters"] == {"output_dir": "there"}
    assert process("-o", "more", "--save-parameters", "steps") == 0
    for name in ("jump", "rampfit"):
        with asdf.open(f"steps/pars-{name}step.asdf") as tree:
            assert tree["parameters"]["output_dir"] == "more"
    assert process("--pars", "p.asdf", "--overwrite") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "more",
        "p.asdf",
        "steps",
        "there",
    ]


def test_saved_parameters_are_not_replaced_unless_told(process, tmp_path, capsys):
    (tmp_path / "p.asdf").write_text("mine")
    assert process("--save-parameters", "p.asdf") == 1
    assert "p.asdf exists already; --overwrite replaces it" in capsys.readouterr().err
    assert (tmp_path / "p.asdf").read_text() == "mine"
    assert not list(tmp_path.glob("*.fits"))
    assert process("--save-parameters", "p.asdf", "--overwrite") == 0
    assert rampviewer.read_parameters("p.asdf").jump == rampviewer.JumpParameters()


def test_what_is_not_used_is_one_line_each(process, tmp_path, capsys):
    pars = write(tmp_path / "j.cfg", "class = JumpStep\npost_hooks = a.py\nwindow = 3\n")
    words = ("--pars", pars, "--int_name=i", "--use-max-shower-amplitude")
    assert process(*words, "--save-parameters=p.asdf", "-q") == 0
    assert capsys.readouterr().err.splitlines() == [
        "rampviewer: j.cfg: post_hooks = a.py of the jump step was not used: code that a "
        "parameter file names is not run here.",
        "rampviewer: j.cfg: window is not a parameter of the jump step and was not used.",
        "rampviewer: int_name has no effect, as in the official step.",
        "rampviewer: use_max_shower_amplitude is not an official parameter and was left "
        "out: the official step drops max_shower_amplitude and takes 6 electron/s.",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pars", "no.asdf"], "no.asdf does not exist"),
        (["--pars", "bad.cfg"], "bad.cfg: edge_size must be a whole number, got 'wide'"),
        (["--pars", "two.cfg"], "two.cfg states two values of output_dir (a, b)"),
        (["--output_use_model", "--suffix=z"], "leave one of the two out"),
        (["--suffix=z", "--rejection-threshold=-1"], "must be at least 0"),
    ],
)
def test_contradictions_are_one_sentence_before_any_work(
    process, tmp_path, capsys, words, said
):
    write(tmp_path / "bad.cfg", "class = JumpStep\nedge_size = wide\n")
    steps = "[[jump]]\noutput_dir = a\n[[ramp_fit]]\noutput_dir = b\n"
    write(tmp_path / "two.cfg", f"class = Detector1Pipeline\n[steps]\n{steps}")
    assert process(*words) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("*.fits"))


def test_saved_parameters_name_the_reference_files(process, files):
    assert process("--save-parameters", "steps") == 0
    for name in ("jump", "rampfit"):
        with asdf.open(f"steps/pars-{name}step.asdf") as tree:
            assert tree["parameters"]["override_gain"] == str(files.gain)
            assert tree["parameters"]["override_readnoise"] == str(files.readnoise)
    again = ("--pars=steps/pars-jumpstep.asdf", "--pars=steps/pars-rampfitstep.asdf")
    assert process(*again, "-o", "again", references=False) == 0


def test_a_number_takes_the_place_of_a_reference_that_a_file_states(
    process, files, tmp_path
):
    step = "[[{}]]\noverride_gain = {}\n"
    steps = step.format("jump", "a.fits") + step.format("ramp_fit", "b.fits")
    pars = write(tmp_path / "two.cfg", f"class = Detector1Pipeline\n[steps]\n{steps}")
    noise = ("--override-readnoise", str(files.readnoise))
    words = ("--pars", pars, "--gain", "1.8", *noise, "--save-parameters", "p.asdf")
    assert process(*words, references=False) == 0
    for options in rampviewer.read_parameters("p.asdf").options.values():
        assert options == {"override_readnoise": str(files.readnoise)}


@pytest.mark.parametrize("stated", [True, False])
def test_the_saturation_reference_of_a_pipeline_flags_an_uncalibrated_exposure(
    files, tmp_path, monkeypatch, capsys, stated
):
    monkeypatch.chdir(tmp_path)
    with fits.open(files.ramp) as hdus:
        for name in ("GROUPDQ", "PIXELDQ"):
            del hdus[name]
        for keyword in ("S_LINEAR", "S_SATURA", "S_DQINIT"):
            hdus[0].header.remove(keyword, ignore_missing=True)
        hdus[0].header["DATAMODL"] = "Level1bModel"
        hdus.writeto("y_uncal.fits")
        level = float(np.nanpercentile(hdus["SCI"].data, 90))
        frame = np.full(hdus["SCI"].shape[2:], level, np.float32)
    reference = [fits.PrimaryHDU(), fits.ImageHDU(frame, name="SCI")]
    reference[0].header["REFTYPE"] = "SATURATION"
    fits.HDUList(reference).writeto("level.fits")
    line = "override_saturation = $PWD/level.fits\n" if stated else "skip = False\n"
    monkeypatch.setenv("PWD", str(tmp_path))
    text = f"class = Detector1Pipeline\n[steps]\n[[saturation]]\n{line}"
    pars = ("--pars", write(tmp_path / "d1.cfg", text), "-q")
    given = ("--override-gain", str(files.gain), "--override-readnoise")
    assert main(["process", "y_uncal.fits", *pars, *given, str(files.readnoise)]) == 0
    flagged = (fits.getdata("y_jump.fits", "GROUPDQ") & 2 > 0).mean()
    assert flagged > 0.09 if stated else flagged == 0


@pytest.mark.parametrize(
    ("line", "words", "is_flagged"),
    [
        ("", ["--saturation=50000"], True),
        ("override_saturation = level.fits\nskip = True", [], False),
        ("override_saturation = level.fits\nskip = False", [], True),
        ("skip = True", ["--saturation=50000"], True),  # options count more
        ("override_saturation = level.fits\nskip = True", ["--no-skip-saturation"], True),
        ("", ["--saturation=50000", "--skip_saturation"], False),
    ],
)
def test_saturation_is_skipped_as_option_or_file_say(
    files, tmp_path, monkeypatch, capsys, line, words, is_flagged
):
    monkeypatch.chdir(tmp_path)
    text = f"class = Detector1Pipeline\n[steps]\n[[saturation]]\n{line}\n"
    pars = ("--pars", write(tmp_path / "d1.cfg", text), "-q")
    with fits.open(files.ramp) as hdus:
        hdus["GROUPDQ"].data[:] = 0
        for keyword in ("S_LINEAR", "S_SATURA"):
            hdus[0].header.remove(keyword, ignore_missing=True)
        level = np.full(hdus["SCI"].shape[2:], 50000, np.float32)
        hdus.writeto("y_uncal.fits")
    with fits.open(files.gain) as hdus:
        hdus[0].header["REFTYPE"] = "SATURATION"
        hdus["SCI"].data = level
        hdus.writeto("level.fits")
    given = ("--gain=2", "--readnoise=9", "--delivered-jumps=drop")
    saved = ("--save-parameters", "saved.asdf")
    asked = ["process", "y_uncal.fits", *pars, *given, *words]
    assert main([*asked, *saved]) == 0
    kept = rampviewer.read_parameters("saved.asdf")
    assert bool(kept.skip_saturation) is not is_flagged
    level = str(tmp_path / "level.fits") if "level" in line else ""
    assert kept.override_saturation == level
    assert ((fits.getdata("y_jump.fits", "GROUPDQ") & 2) > 0).any() == is_flagged
    header = fits.getheader("y_rate.fits")
    assert (header.get("S_SATURA") == "SKIPPED") is not is_flagged
    said = "saturation was not searched for, as wanted (skip_saturation)"
    assert (said in " ".join(capsys.readouterr().err.split())) is not is_flagged
    assert (said in " ".join(header["HISTORY"])) is not is_flagged
    assert main(asked) == 0  # left alone
    other = "--skip-saturation" if is_flagged else "--no-skip-saturation"
    assert main([*asked, other]) == 1
    assert "was made with another skip_saturation" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "words", "uses"),
    [
        ("", [], True),
        ("", ["--no-use-readpatt"], False),
        ("use_readpatt = False", [], False),
        ("use_readpatt = False", ["--use_readpatt=True", "--n-pix-grow-sat", "2"], True),
        ("n_pix_grow_sat = 2", [], True),
        ("n_pix_grow_sat = 2", ["--n_pix_grow_sat=1"], True),
    ],
)
def test_frames_and_neighbours_count_as_option_or_file_say(
    files, tmp_path, monkeypatch, line, words, uses
):
    monkeypatch.chdir(tmp_path)
    text = f"class = Detector1Pipeline\n[steps]\n[[saturation]]\n{line}\n"
    pars = ("--pars", write(tmp_path / "d1.cfg", text), "-q")
    with fits.open(files.ramp) as hdus:
        for keyword in ("S_LINEAR", "S_SATURA"):
            hdus[0].header.remove(keyword, ignore_missing=True)
        hdus.writeto("y_uncal.fits")
    given = ("--gain=2", "--readnoise=9", "--saturation=50000")
    assert main(["process", "y_uncal.fits", *pars, *given, *words]) == 0
    history = " ".join(fits.getheader("y_rate.fits")["HISTORY"])
    assert ("use_readpatt off" in history) is not uses
    is_grown = words[1:] or ("grow" in line and not words)
    assert ("2 pixels around" in history) == bool(is_grown)
    assert main(["process", "y_uncal.fits", *pars, *given, *words]) == 0  # left alone
    others = ["--no-use-readpatt" if uses else "--use-readpatt"], ["--n-pix-grow-sat=3"]
    for other in others:
        assert main(["process", "y_uncal.fits", *pars, *given, *words, *other]) == 1


def test_a_value_without_bound_leaves_the_json_readable(process, capsys):
    assert process("--max-jump-to-flag-neighbors", "inf") == 0
    jump = capsys.readouterr().out.split()[0]

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    assert main(["info", "--json", jump]) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=refuse)
    told = told["delivered"]["parameters"]["jump"]
    assert told["max_jump_to_flag_neighbors"] == "inf"


def test_a_batch_with_too_few_groups_for_a_likelihood_fit_says_so_and_goes_on(
    tmp_path, capsys
):
    files = write_simulated(tmp_path, "x_ramp.fits", n_groups=3)
    words = ["process", files.ramp, "-o", tmp_path / "out", "--algorithm", "LIKELY"]
    words += ["--override-gain", files.gain, "--override-readnoise", files.readnoise]
    words = [*map(str, words), "--save-opt", "--json"]
    for state in ("done", "skipped"):
        assert main(words) == 0
        line = json.loads(capsys.readouterr().out)
        assert line["state"] == state
        assert line["products"][-1].endswith("_fitopt.fits")
        if state == "done":
            assert "algorithm LIKELY is ignored" in " ".join(line["notes"])
    history = " ".join(map(str, fits.getheader(line["products"][1])["HISTORY"]))
    assert "algorithm LIKELY is ignored" in " ".join(history.split())
