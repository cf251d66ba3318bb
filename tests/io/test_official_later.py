"""Later official steps run on the products: those that need no reference server."""

import numpy as np
import pytest
from astropy.io import fits

from tests.official import CONTEXT, Case, both_products

datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
pytest.importorskip("jwst.jump")
pytestmark = pytest.mark.filterwarnings("ignore")  # of the official package


@pytest.fixture(autouse=True)
def _no_server(monkeypatch, tmp_path):
    monkeypatch.setattr("stpipe.crds_client.get_context_used", lambda *_: CONTEXT)

    def refuse(*_arguments, **_more):
        raise AssertionError("a reference server was asked")

    monkeypatch.setattr("stpipe.crds_client.get_multiple_reference_paths", refuse)
    monkeypatch.chdir(tmp_path)


def make(case):
    """Return our products and the official ones."""
    both = both_products(case)
    return both.ours, both.theirs


def same(ours, theirs, *planes):
    for plane in planes:
        np.testing.assert_allclose(
            getattr(ours, plane), getattr(theirs, plane), rtol=1e-5, atol=1e-5
        )


FLOATS = ("data", "err", "var_poisson", "var_rnoise")


@pytest.mark.parametrize("product", ["rate", "rateints"])
def test_gain_scale_takes_the_factor_that_we_recorded(product):
    from jwst.gain_scale import GainScaleStep  # noqa: PLC0415 - slow to import

    ours, theirs = make(Case(gain_factor=2.5))
    scaled = GainScaleStep().run(str(ours[product]))
    assert scaled.meta.cal_step.gain_scale == "COMPLETE"
    np.testing.assert_allclose(scaled.data, 2.5 * fits.getdata(ours[product], "SCI"))
    same(scaled, GainScaleStep().run(str(theirs[product])), *FLOATS)


def test_gain_scale_skips_where_the_gain_file_has_no_factor():
    from jwst.gain_scale import GainScaleStep  # noqa: PLC0415 - slow to import

    both = both_products(Case())
    step = GainScaleStep(override_gain=str(both.inputs.gain))
    assert step.run(str(both.ours["rate"])).meta.cal_step.gain_scale == "SKIPPED"


def test_ramp_fit_goes_on_from_our_jumps():
    from jwst.ramp_fitting import RampFitStep  # noqa: PLC0415 - slow to import

    both = both_products(Case())
    rate, rateints = RampFitStep(**both.inputs.overrides).run(str(both.ours["jump"]))
    for model, product in ((rate, "rate"), (rateints, "rateints")):
        with datamodels.open(both.ours[product]) as own:
            same(own, model, *FLOATS)
            np.testing.assert_array_equal(own.dq, model.dq)


def test_steps_on_ramps_run_on_our_jumps():
    from jwst.charge_migration import ChargeMigrationStep  # noqa: PLC0415 - slow to import
    from jwst.group_scale import GroupScaleStep  # noqa: PLC0415 - as above
    from jwst.lastframe import LastFrameStep  # noqa: PLC0415 - as above

    ours, theirs = make(Case(instrument="MIRI", detector="MIRIMAGE"))
    for step in (
        GroupScaleStep(),
        LastFrameStep(),
        ChargeMigrationStep(skip=False, signal_threshold=500.0),
    ):
        own, other = step.run(str(ours["jump"])), step.run(str(theirs["jump"]))
        np.testing.assert_array_equal(own.groupdq, other.groupdq)
        same(own, other, "data")


def test_a_flat_field_and_a_background_act_on_our_rate():
    from jwst.background import BackgroundStep  # noqa: PLC0415 - slow to import
    from jwst.flatfield import FlatFieldStep  # noqa: PLC0415 - as above

    ours, theirs = make(Case())
    shape = fits.getdata(ours["rate"], "SCI").shape
    flat = datamodels.FlatModel(data=np.full(shape, 2.0, np.float32))
    for name in ("xstart", "ystart", "xsize", "ysize"):
        with datamodels.open(ours["rate"]) as model:
            setattr(flat.meta.subarray, name, getattr(model.meta.subarray, name))
    flat.save("flat.fits")
    for product in ("rate", "rateints"):
        step = FlatFieldStep(user_supplied_flat="flat.fits")
        own, other = step.run(str(ours[product])), step.run(str(theirs[product]))
        assert own.meta.cal_step.flat_field == "COMPLETE"
        same(own, other, *FLOATS)
    result = BackgroundStep().run(str(ours["rate"]), [str(ours["rate"])])
    assert result.meta.cal_step.bkg_subtract == "COMPLETE"
    assert np.nanmax(np.abs(result.data)) == 0


def test_an_ifu_rate_goes_through_steps_of_the_second_stage():
    from jwst.badpix_selfcal import BadpixSelfcalStep  # noqa: PLC0415 - slow to import
    from jwst.imprint import ImprintStep  # noqa: PLC0415 - as above

    case = Case(instrument="NIRSPEC", detector="NRS1", exp_type="NRS_IFU")
    ours, theirs = make(case)
    rates = str(ours["rate"]), str(theirs["rate"])
    own, other = (
        BadpixSelfcalStep(skip=False, force_single=True).run(rate)[0] for rate in rates
    )
    assert own.meta.cal_step.badpix_selfcal == "COMPLETE"
    same(own, other, "data")
    np.testing.assert_array_equal(own.dq, other.dq)
    result = ImprintStep().run(rates[0], [rates[0]])
    assert result.meta.cal_step.imprint == "COMPLETE"
    assert np.nanmax(np.abs(result.data)) == 0


def test_outliers_are_sought_in_our_integrations():
    from jwst.outlier_detection import OutlierDetectionStep  # noqa: PLC0415 - slow

    case = Case(exp_type="NRC_TSIMAGE", shape=(6, 5, 24, 30))
    ours, theirs = make(case)
    paths = str(ours["rateints"]), str(theirs["rateints"])
    own, other = (OutlierDetectionStep().run(datamodels.open(path)) for path in paths)
    assert own.meta.cal_step.outlier_detection == "COMPLETE"
    np.testing.assert_array_equal(own.dq, other.dq)
