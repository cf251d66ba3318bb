import shutil
from functools import reduce
from pathlib import Path

import asdf
import pytest

import rampviewer
from rampviewer.io.parameter_files import read_parameters
from rampviewer.io.parameter_writer import write_parameters
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.step_parameters import official_values, sort_values

stpipe = pytest.importorskip("stpipe")
config_parser = pytest.importorskip("stpipe.config_parser")
config = pytest.importorskip("stpipe._config")
jwst_jump = pytest.importorskip("jwst.jump")
jwst_fit = pytest.importorskip("jwst.ramp_fitting")
jwst_pipeline = pytest.importorskip("jwst.pipeline")
collected = pytest.importorskip("jwst.pipeline.collect_pipeline_cfgs")

# Every parameter of both steps with a value that is not its default.
JUMP = rampviewer.JumpParameters(
    rejection_threshold=3.3,
    three_group_rejection_threshold=6.5,
    four_group_rejection_threshold=5.25,
    flag_4_neighbors=False,
    max_jump_to_flag_neighbors=200,
    min_jump_to_flag_neighbors=12,
    after_jump_flag_dn1=10,
    after_jump_flag_time1=15.5,
    after_jump_flag_dn2=1000,
    after_jump_flag_time2=3000,
    expand_large_events=True,
    min_sat_area=2,
    min_jump_area=15,
    expand_factor=1.75,
    use_ellipses=True,
    sat_required_snowball=False,
    min_sat_radius_extend=3,
    sat_expand=3,
    edge_size=20,
    mask_snowball_core_next_int=False,
    snowball_time_masked_next_int=250,
    find_showers=True,
    max_shower_amplitude=7.5,
    extend_snr_threshold=1.5,
    extend_min_area=80,
    extend_inner_radius=0.5,
    extend_outer_radius=2.75,
    extend_ellipse_expand_ratio=1.2,
    time_masked_after_shower=30,
    min_diffs_single_pass=12,
    max_extended_radius=100,
    minimum_groups=4,
    minimum_sigclip_groups=50,
    only_use_ints=False,
)
FIT = rampviewer.RampFitParameters(
    algorithm="LIKELY", suppress_one_group=False, firstgroup=1, lastgroup=4
)


def test_the_examples_above_change_every_official_parameter():
    for step, changed in (("jump", JUMP), ("ramp_fit", FIT)):
        names = official_values(step, changed)
        assert official_values(step, changed, changed=True).keys() == names.keys()


def test_every_parameter_of_the_official_steps_is_known():
    for step, kind in (("jump", jwst_jump.JumpStep), ("ramp_fit", jwst_fit.RampFitStep)):
        own = config_parser.load_spec_file(kind)
        others = {"maximum_cores", "save_opt", "opt_name", "int_name"}
        parameters = rampviewer.JumpParameters() if step == "jump" else FIT
        assert official_values(step, parameters).keys() == set(own) - others


STEPS = {"jump": jwst_jump.JumpStep, "ramp_fit": jwst_fit.RampFitStep}
FIT_ONLY = {"save_opt", "opt_name", "int_name"}
# Of the complete spec of each step, an example of every option that is no parameter, and
# what becomes of it here: an option, or a sentence that says why it is none.
OTHERS = {
    "output_file": ("tuned.fits", "option"),
    "output_dir": ("products", "option"),
    "output_use_model": (True, "option"),
    "suffix": ("mine", "option"),
    "override_gain": ("gain.fits", "option"),
    "override_readnoise": ("readnoise.fits", "option"),
    "maximum_cores": ("half", "option"),
    "save_opt": (True, "option"),
    "opt_name": ("segments.fits", "option"),
    "save_results": (True, "nothing"),  # what is processed is always saved, as by strun
    "int_name": ("ints.fits", "int_name has no effect"),
    "pre_hooks": (["mine.py"], "pre_hooks = ['mine.py'] of the"),
    "post_hooks": (["mine.py"], "post_hooks = ['mine.py'] of the"),
    "output_ext": (".asdf", "output_ext = .asdf of the"),
    "output_use_index": (False, "output_use_index = False of the"),
    "search_output_file": (False, "search_output_file = False of the"),
    "skip": (True, "option"),
    "input_dir": ("data", "input_dir = data of the"),
}


@pytest.mark.parametrize("step", STEPS)
def test_the_complete_official_spec_is_known_with_its_defaults(step):
    spec, defaults = STEPS[step].load_spec_file(), STEPS[step]().get_pars()
    own = official_values(step, FIT if step == "ramp_fit" else JUMP)
    others = OTHERS.keys() - (set() if step == "ramp_fit" else FIT_ONLY)
    assert set(spec) == own.keys() | others
    values, options, notes = sort_values(step, defaults)
    assert (options, notes) == ({"skip": False}, [])
    kind = rampviewer.RampFitParameters if step == "ramp_fit" else rampviewer.JumpParameters
    assert kind(**values) == kind()
    assert official_values(step, kind()) == {name: defaults[name] for name in own}


@pytest.mark.parametrize(
    ("step", "name"),
    [("ramp_fit", name) for name in OTHERS]
    + [("jump", name) for name in sorted(OTHERS.keys() - FIT_ONLY)],
)
@pytest.mark.parametrize("as_text", [False, True])
def test_every_other_option_of_the_spec_counts_or_is_said_not_to(step, name, as_text):
    value, fate = OTHERS[name]
    given = str(value) if as_text and not isinstance(value, list) else value
    values, options, notes = sort_values(step, {name: given})
    assert values == {}
    assert options == ({name: value} if fate == "option" else {})
    assert len(notes) == (fate not in ("option", "nothing"))
    assert not notes or notes[0].startswith(fate)


@pytest.mark.parametrize("kind", ["asdf", "cfg"])
def test_the_saturation_reference_of_a_pipeline_is_read(tmp_path, kind):
    path = tmp_path / f"d1.{kind}"
    if kind == "asdf":
        name = "jwst.saturation.saturation_step.SaturationStep"
        given = {"override_saturation": "sat.fits", "use_readpatt": False}
        given["n_pix_grow_sat"] = 2
        step = {"class": name, "name": "saturation", "parameters": given}
        name = "jwst.pipeline.calwebb_detector1.Detector1Pipeline"
        tree = {"class": name, "name": "x", "parameters": {}, "steps": [step]}
        asdf.AsdfFile(tree).write_to(path)
        official = stpipe.Step.from_config_file(str(path))
        assert official.saturation.override_saturation == "sat.fits"
    else:
        path.write_text(
            "class = jwst.pipeline.Detector1Pipeline\n[steps]\n[[saturation]]\n"
            "override_saturation = sat.fits\nuse_readpatt = False\n"
            "n_pix_grow_sat = 2\n[[dq_init]]\n"
        )
    found = read_parameters(path)
    assert (found.override_saturation, found.use_readpatt) == ("sat.fits", False)
    assert found.n_pix_grow_sat == 2
    assert found.jump == rampviewer.JumpParameters()
    assert not any("saturation" in note for note in found.notes)


def test_a_file_of_the_saturation_step_gives_its_reference(tmp_path):
    path = tmp_path / "saturation.cfg"
    path.write_text("class = jwst.saturation.SaturationStep\n")
    with pytest.raises(ValueError, match=r"saturation\.cfg is for jwst\.\S+SaturationStep"):
        read_parameters(path)
    path.write_text(path.read_text() + "override_saturation = sat.fits\n")
    found = read_parameters(path)
    assert (found.override_saturation, found.values) == ("sat.fits", {})
    assert found.use_readpatt is None
    path.write_text("class = jwst.saturation.SaturationStep\nuse_readpatt = no\n")
    assert read_parameters(path).use_readpatt is False
    path.write_text("class = jwst.saturation.SaturationStep\nuse_readpatt = maybe\n")
    with pytest.raises(ValueError, match="use_readpatt must be True or False, got 'maybe'"):
        read_parameters(path)
    path.write_text("class = jwst.saturation.SaturationStep\nn_pix_grow_sat = -1\n")
    with pytest.raises(ValueError, match="n_pix_grow_sat must be 0 or more, got -1"):
        read_parameters(path)


@pytest.mark.parametrize(
    ("line", "skips"),
    [("skip = True", True), ("skip = False", False), ("use_readpatt = True", None)],
)
def test_the_skip_of_the_saturation_step_is_read(tmp_path, line, skips):
    pipeline, alone = tmp_path / "d1.cfg", tmp_path / "saturation.cfg"
    pipeline.write_text(f"class = Detector1Pipeline\n[steps]\n[[saturation]]\n{line}\n")
    found = read_parameters(pipeline)
    assert found.skip_saturation is skips
    assert found.notes == (
        () if skips else ("d1.cfg: its other steps are not used: saturation.",)
    )
    alone.write_text(f"class = SaturationStep\n{line}\n")
    if skips:
        assert read_parameters(alone).skip_saturation
    else:
        with pytest.raises(ValueError, match="is for SaturationStep"):
            read_parameters(alone)


def test_a_later_file_takes_the_skip_of_saturation_back():
    skips, says_nothing = (
        ParameterSet(name="a", skip_saturation=True),
        ParameterSet(name="b"),
    )
    assert skips.followed_by(says_nothing).skip_saturation
    takes_back = ParameterSet(name="c", skip_saturation=False)
    assert skips.followed_by(takes_back).skip_saturation is False


@pytest.mark.parametrize("where", ["pars", "new/both.asdf"])
@pytest.mark.parametrize(
    ("jump", "fit"),
    [(JUMP, FIT), (rampviewer.JumpParameters(), rampviewer.RampFitParameters())],
)
def test_what_is_written_is_read_again(tmp_path, where, jump, fit):
    paths = write_parameters(tmp_path / where, jump=jump, fit=fit)
    read = [read_parameters(path) for path in paths]
    assert read[0].jump == jump
    assert read[-1].fit == fit
    assert not any(found.notes for found in read)


def test_the_official_steps_read_what_is_written(tmp_path):
    write_parameters(tmp_path, jump=JUMP, fit=FIT)
    for name, step, kind, values in (
        ("jumpstep", "jump", jwst_jump.JumpStep, JUMP),
        ("rampfitstep", "ramp_fit", jwst_fit.RampFitStep, FIT),
    ):
        path = tmp_path / f"pars-{name}.asdf"
        with asdf.open(path) as tree:
            assert config.StepConfig.from_asdf(tree).parameters == official_values(
                step, values
            )
        official = kind.from_config_file(str(path))
        assert type(official) is kind
        read = official.get_pars()
        assert {key: read[key] for key in official_values(step, values)} == official_values(
            step, values
        )


def test_the_official_pipeline_reads_what_is_written(tmp_path):
    path = tmp_path / "both.asdf"
    files = {"override_gain": "/a, b/gain.fits", "override_readnoise": "/it's/r #1.fits"}
    options = {
        "jump": files,
        "ramp_fit": {"save_opt": True, "opt_name": "segments.fits", **files},
    }
    write_parameters(path, jump=JUMP, fit=FIT, options=options)
    official = stpipe.Step.from_config_file(str(path))
    assert type(official) is jwst_pipeline.Detector1Pipeline
    for step, values in (("jump", JUMP), ("ramp_fit", FIT)):
        made = getattr(official, step)
        wanted = official_values(step, values) | options.get(step, {})
        assert {key: getattr(made, key) for key in wanted} == wanted


@pytest.mark.parametrize("where", ["pars", "both.asdf"])
def test_what_the_saturation_step_is_told_is_written_for_it(tmp_path, where):
    told = {"override_saturation": "/a/s.fits", "use_readpatt": False, "n_pix_grow_sat": 3}
    options = {step: {"output_dir": "here"} for step in ("jump", "ramp_fit")}
    paths = write_parameters(
        tmp_path / where, jump=JUMP, fit=FIT, options=options, saturation=told
    )
    official = stpipe.Step.from_config_file(str(paths[0]))
    step = official if len(paths) > 1 else official.saturation
    assert type(step) is jwst_pipeline.Detector1Pipeline.step_defs["saturation"]
    assert {name: getattr(step, name) for name in told} == told
    read = reduce(ParameterSet.followed_by, map(read_parameters, paths))
    assert (read.override_saturation, read.use_readpatt) == ("/a/s.fits", False)
    assert (read.n_pix_grow_sat, read.jump, read.fit) == (3, JUMP, FIT)
    assert read.option("output_dir", "") == "here"
    assert read.notes == ()


def test_our_own_switch_is_not_written(tmp_path):
    jump = rampviewer.JumpParameters(use_max_shower_amplitude=True)
    (path,) = write_parameters(tmp_path / "p.asdf", jump=jump)
    assert read_parameters(path).jump == rampviewer.JumpParameters()
    assert b"use_max" not in path.read_bytes()


def test_what_the_official_steps_export_is_read(tmp_path):
    step = jwst_jump.JumpStep(**official_values("jump", JUMP))
    step.export_config(tmp_path / "j.asdf", include_metadata=True)
    jwst_fit.RampFitStep(**official_values("ramp_fit", FIT), save_opt=True).export_config(
        tmp_path / "f.asdf"
    )
    found = read_parameters(tmp_path / "j.asdf").followed_by(
        read_parameters(tmp_path / "f.asdf")
    )
    assert (found.jump, found.fit, found.notes) == (JUMP, FIT, ())
    fit = {"save_opt": True, "skip": False}
    assert found.options == {"jump": {"skip": False}, "ramp_fit": fit}


def test_an_exported_pipeline_gives_its_two_steps(tmp_path):
    path = tmp_path / "d1.asdf"
    official = jwst_pipeline.Detector1Pipeline(
        steps={
            "jump": {"rejection_threshold": 3.3, "suffix": "crs"},
            "ramp_fit": {"lastgroup": 7},
        },
        output_dir="products",
    )
    official.export_config(path)
    found = read_parameters(path)
    assert found.jump == rampviewer.JumpParameters(rejection_threshold=3.3)
    assert found.fit == rampviewer.RampFitParameters(lastgroup=7)
    assert found.option("output_dir", "") == "products"
    assert found.naming() == rampviewer.Naming(jump_suffix="crs")
    (note,) = found.notes
    assert "other steps are not used: group_scale, dq_init, emicorr and more" in note


def test_collected_cfg_files_are_read(tmp_path):
    collected.collect_pipeline_cfgs(str(tmp_path))
    steps = {"jump": {"jump"}, "ramp_fit": {"ramp_fit"}}
    for name in ("jump", "ramp_fit", "calwebb_detector1"):
        found = read_parameters(tmp_path / f"{name}.cfg")
        assert found.values.keys() == steps.get(name, {"jump", "ramp_fit"})
        assert found.jump == rampviewer.JumpParameters()
    with pytest.raises(ValueError, match=r"linearity\.cfg is for jwst\.\S+LinearityStep"):
        read_parameters(tmp_path / "linearity.cfg")


CFG = """
name = "Detector1Pipeline"  # as older versions wrote it
class = 'jwst.pipeline.Detector1Pipeline'
save_calibrated_ramp = True

[steps]
  [[dq_init]]
  [[jump]]
    config_file = jump.cfg
    find_showers = yes
  [[ramp_fit]]
    algorithm = LIKELY
    firstgroup = 2
    save_opt = True
"""


def test_a_cfg_file_means_to_us_what_it_means_to_the_official_pipeline(tmp_path):
    (tmp_path / "jump.cfg").write_text(
        'name = "jump"\nclass = "jwst.jump.JumpStep"\n'
        "rejection_threshold = 3\nfind_showers = False # not yet\nedge_size = 30\n"
    )
    path = tmp_path / "all.cfg"
    path.write_text(CFG)
    found = read_parameters(path)
    official = stpipe.Step.from_config_file(str(path))
    for step, values in (("jump", found.jump), ("ramp_fit", found.fit)):
        read = getattr(official, step).get_pars()
        wanted = official_values(step, values)
        assert {key: read[key] for key in wanted} == wanted
    assert (found.jump.edge_size, found.jump.find_showers) == (30, True)
    assert found.options["ramp_fit"] == {"save_opt": True}
    assert [note.split(": ", 1)[1] for note in found.notes] == [
        "its other steps are not used: dq_init.",
        "save_calibrated_ramp is not used; the jump product has the ramps.",
    ]


def test_a_file_of_the_first_asdf_layout_is_read(tmp_path):
    tree = {
        "parameters": {
            "class": "jwst.jump.jump_step.JumpStep",
            "name": "jump",
            "rejection_threshold": 5.0,
        }
    }
    asdf.AsdfFile(tree).write_to(tmp_path / "old.asdf")
    assert read_parameters(tmp_path / "old.asdf").jump.rejection_threshold == 5


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_skipped_where_its_file_says_so_and_the_last_file_counts(tmp_path, step):
    name = {"jump": "JumpStep", "ramp_fit": "RampFitStep"}[step]
    paths = [tmp_path / f"{state}.cfg" for state in ("yes", "no", "silent")]
    for path, line in zip(paths, ("skip = True", "skip = false", ""), strict=True):
        path.write_text(f"class = {name}\n{line}\n")
    yes, no, silent = map(read_parameters, paths)
    assert yes.skipped == {step}
    assert f"{step}: skipped" in repr(yes)
    assert yes.followed_by(silent).skipped == silent.followed_by(yes).skipped == {step}
    assert yes.followed_by(no).skipped == no.skipped == set()
    assert yes.notes == no.notes == ()


def test_a_step_in_a_pipeline_is_skipped_and_skip_must_be_a_truth(tmp_path):
    path = tmp_path / "d1.cfg"
    path.write_text("class = Detector1Pipeline\n[steps]\n[[jump]]\nskip = True\n")
    assert read_parameters(path).skipped == {"jump"}
    path.write_text("class = Detector1Pipeline\n[steps]\n[[jump]]\nskip = perhaps\n")
    with pytest.raises(ValueError, match="skip must be True or False, got 'perhaps'"):
        read_parameters(path)


def test_each_thing_that_is_not_used_is_one_sentence(tmp_path):
    path = tmp_path / "jump.cfg"
    path.write_text(
        "class = jwst.jump.JumpStep\nwindow = 5\n"
        "use_max_shower_amplitude = 1\npre_hooks = mine.py, yours.py\n"
        "output_ext = .fits\nsave_results = True\n"
    )
    assert read_parameters(path).notes == (
        "jump.cfg: window is not a parameter of the jump step and was not used.",
        "jump.cfg: use_max_shower_amplitude is not a parameter of the jump step and was "
        "not used.",
        "jump.cfg: pre_hooks = ['mine.py', 'yours.py'] of the jump step was not used: code "
        "that a parameter file names is not run here.",
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "a.cfg",
            "class = jwst.jump.JumpStep\nedge_size = wide",
            "edge_size must be a whole",
        ),
        ("a.cfg", "class = jwst.jump.JumpStep\nfind_showers = 7", "must be True or False"),
        ("a.cfg", "class = jwst.jump.JumpStep\nrejection_threshold = -1", "at least 0"),
        ("a.cfg", "class = RampFitStep\nalgorithm = GLS", "algorithm must be OLS_C or"),
        ("a.cfg", "what is this", "line 1 is neither name = value nor a section"),
        ("a.cfg", "[[steps]]", "line 1 is no section"),
        ("a.cfg", "name = 'jump", "line 1 has an open quote"),
        ("a.cfg", "", "a.cfg is for a; needed are parameters"),
        ("a.cfg", "config_file = a.cfg", "leads back to itself"),
        ("a.cfg", "steps = 4", "is damaged"),
        ("a.asdf", "#ASDF 1.0.0\n%YAML 1.1\n--- \n{class: [\n...\n", "is damaged"),
        ("a.asdf", "#ASDF 1.0.0\n%YAML 1.1\n---\nrate: 4\n...\n", "it has no parameters"),
        (
            "a.asdf",
            "#ASDF 1.0.0\n%YAML 1.1\n---\nclass: P\nparameters: {}\nsteps: [4]\n...\n",
            "there is a step without parameters",
        ),
        ("a.asdf", "\x00\xff", "is neither an ASDF nor a .cfg file"),
    ],
)
def test_a_malformed_file_is_one_sentence_with_its_name(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match=said.replace("[", r"\[")) as caught:
        read_parameters(path)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_missing_or_a_folder_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no\.asdf does not exist"):
        read_parameters(tmp_path / "no.asdf")
    with pytest.raises(IsADirectoryError, match="is a folder, not a parameter file"):
        read_parameters(tmp_path)


def test_existing_files_are_kept_unless_told_otherwise(tmp_path):
    (path,) = write_parameters(tmp_path / "p.asdf", jump=JUMP)
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match=r"p\.asdf exists already"):
        write_parameters(path, fit=FIT)
    assert path.read_bytes() == before
    write_parameters(path, fit=FIT, overwrite=True)
    assert read_parameters(path).fit == FIT
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize(
    ("name", "said"), [("p.cfg", "end in .asdf"), ("p.asdf", "give jump")]
)
def test_what_cannot_be_written_is_said(tmp_path, name, said):
    given = {"jump": JUMP} if name == "p.cfg" else {}
    with pytest.raises(ValueError, match=said):
        write_parameters(tmp_path / name, **given)
    assert list(Path(tmp_path).iterdir()) == []
