"""Small exposures of HST WFC3/IR and Roman WFI, written as their archives have them."""

from pathlib import Path

import asdf
import numpy as np
from asdf.tagged import TaggedDict, tag_object
from astropy.io import fits

GAIN, NOISE = 2.5, 20.0  # [electron/DN], [electron] of a difference of two reads
HST = {
    "TELESCOP": "HST",
    "INSTRUME": "WFC3",
    "DETECTOR": "IR",
    "ROOTNAME": "x",
    "TARGNAME": "WASP-12",
    "OBSTYPE": "IMAGING",
    "FILTER": "F126N",
    "SAMP_SEQ": "RAPID",
    "SAMPZERO": 0.25,
    "SUBARRAY": True,
    "SUBTYPE": "SQ64SUB",
    "NEXTEND": 20,
    "DATE-OBS": "2014-02-05",
    "TIME-OBS": "07:48:32",
    "BLEVCORR": "COMPLETE",
    "ZOFFCORR": "COMPLETE",
    "DARKCORR": "COMPLETE",
    "NLINCORR": "COMPLETE",
    "UNITCORR": "COMPLETE",
    "CCDGAIN": 2.0,
    "ATODGNA": 2.4,
    "ATODGNB": 2.6,
    "ATODGNC": 2.3,
    "ATODGND": 2.7,
    "READNSEA": 19.0,
    "READNSEB": 21.0,
    "READNSEC": 18.0,
    "READNSED": 22.0,
}
WCS = {
    "WCSAXES": 2,
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRPIX1": 5.0,
    "CRPIX2": 6.0,
    "CRVAL1": 97.6,
    "CRVAL2": 29.7,
    "CD1_1": -3e-5,
    "CD1_2": 0.0,
    "CD2_1": 0.0,
    "CD2_2": 3e-5,
}
BORDER = 5


def ima_ramp(n_reads=5, n_rows=18, n_cols=21, seed=1):
    """Return reads whose zeroth is 0, in DN."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(100, 5, (n_reads, n_rows, n_cols)).astype(np.float32)
    steps[0] = 0
    return np.cumsum(steps, axis=0)


def write_ima(
    path: Path,
    ramp,
    times,
    *,
    unit="ELECTRONS/S",
    dq=None,
    last_first=True,
    keywords=None,
    without=(),
    time_arrays=False,
    change=lambda _sets: None,
) -> Path:
    """Write reads [DN] in a unit of calwf3; `change` gets the extensions of each read."""
    header = fits.Header({**HST, "NSAMP": len(ramp), **(keywords or {})})
    for keyword in without:
        header.remove(keyword)
    header.add_history("UNITCORR complete.")
    sets = []
    for k, (read, time) in enumerate(zip(ramp, times, strict=True)):
        sci = (read * (GAIN if unit.startswith("ELECTRONS") else 1)).astype(np.float64)
        if unit.endswith("/S"):
            inside = np.s_[BORDER:-BORDER, BORDER:-BORDER]
            sci[inside] /= time or HST["SAMPZERO"]
        common = {"SAMPNUM": k, "SAMPTIME": time, **WCS}
        sets.append(
            {
                "SCI": (sci.astype(np.float32), {"BUNIT": unit, "GOODMEAN": 1.0, **common}),
                "ERR": (None, {"PIXVALUE": 0.0}),
                "DQ": (None, {"PIXVALUE": 0}) if dq is None else (dq[k], {}),
                "SAMP": (None, {"PIXVALUE": k}),
                "TIME": (
                    (np.full(read.shape, time, np.float32), {})
                    if time_arrays
                    else (None, {"PIXVALUE": time})
                ),
            }
        )
    change(sets)
    hdus = fits.HDUList([fits.PrimaryHDU(header=header)])
    for ver, parts in enumerate(reversed(sets) if last_first else sets, start=1):
        for name, (data, words) in parts.items():
            hdu = fits.ImageHDU(data, name=name, ver=ver)
            if data is None:
                hdu.header.update({"NPIX1": ramp.shape[2], "NPIX2": ramp.shape[1]})
            hdu.header.update(words)
            hdus.append(hdu)
    path.parent.mkdir(parents=True, exist_ok=True)
    hdus.writeto(path, overwrite=True)
    return path


ROMAN = "asdf://stsci.edu/datamodels/roman/tags/"
EVEN = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]


def l1_data(n_groups=5, n_rows=16, n_cols=20, seed=2):
    """Return resultants [DN]."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(100, 5, (n_groups, n_rows, n_cols))
    return (5000 + np.cumsum(steps, axis=0)).astype(np.uint16)


def l1_meta(pattern=EVEN, **exposure):
    return {
        "telescope": tag_object(ROMAN + "telescope-1.0.0", "ROMAN"),
        "model_type": "ScienceRawModel",
        "filename": "x_uncal.asdf",
        "instrument": TaggedDict(
            {"name": "WFI", "detector": "WFI07", "optical_element": "F158"},
            ROMAN + "wfi_mode-1.0.0",
        ),
        "observation": {"program": 12, "visit": 1, "observation_id": "?"},
        "exposure": {
            "type": "WFI_IMAGE",
            "start_time": "2027-03-01T10:20:30.500",
            "ma_table_name": "IM_60_6_S",
            "ma_table_number": 3,
            "effective_exposure_time": -999999.0,
            "frame_time": 3.0,
            "read_pattern": pattern,
            "truncated": False,
            **exposure,
        },
    }


def write_l1(path: Path, data=None, *, meta=None, compression=None, **arrays) -> Path:
    """Write a Roman file with tags that only the packages of Roman know."""
    if data is not None:
        arrays = {"data": data, "amp33": np.zeros((5, 16, 8), np.uint16), **arrays}
    tree = TaggedDict(
        {"meta": l1_meta() if meta is None else meta, **arrays},
        ROMAN + "wfi_science_raw-1.0.0",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    asdf.AsdfFile({"roman": tree}).write_to(path, all_array_compression=compression)
    return path
