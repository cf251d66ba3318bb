"""What the user says about reference files."""

from dataclasses import dataclass
from pathlib import Path

Choice = Path | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceChoices:
    """A file or a number for each reference; None where it is to be looked for.

    Attributes
    ----------
    gain : Path, float or None
        [electron/DN]
    readnoise : Path, float or None
        CDS noise [DN].
    saturation : Path, float or None
        Level from which a group of an uncalibrated exposure counts as saturated [DN].
    use_readpatt : bool
        Whether groups of it are also judged by the frames that were averaged into them.
    n_pix_grow_sat : int
        How far around a saturated pixel of it neighbours count as saturated [pixel].
    skip_saturation : bool
        Whether nothing of it is flagged as saturated.
    fetch : bool
        Whether the CRDS server may be asked for what the local cache lacks.
    """

    gain: Choice = None
    readnoise: Choice = None
    saturation: Choice = None
    use_readpatt: bool = True
    n_pix_grow_sat: int = 1
    skip_saturation: bool = False
    fetch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CrdsState:
    """What is set up for references of CRDS.

    Attributes
    ----------
    folder : Path or None
        The local cache, as the variable that is set names it (CRDS_REFPATH, CRDS_PATH).
    context : str
        CRDS_CONTEXT, "" where it is not set.
    obstacle : str
        Why nothing can be fetched from the server, "" where it can.
    """

    folder: Path | None = None
    context: str = ""
    obstacle: str = "the package crds is not installed"
