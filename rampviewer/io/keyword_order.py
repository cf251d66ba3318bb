"""Where keywords stand in a primary header: in the sections of the official products."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from astropy.io import fits


class Section(NamedTuple):
    """A heading, and the keywords that may stand below it, in their order."""

    heading: str
    keywords: tuple[str, ...]

    @classmethod
    def of(cls, heading: str, names: str) -> "Section":
        """Return the section of keywords that stand in one text."""
        return cls(heading, tuple(names.split()))


# Those that steps add keywords to.
SECTIONS: Final = (
    Section.of(
        "Exposure parameters",
        "EXPCOUNT EXPRIPAR EXP_TYPE EXPSTART EXPMID EXPEND EXPSTENG OSF_FILE "
        "READPATT HYBRIDFF EXSEGNUM EXSEGTOT NOUTPUTS NINTS INTSTART INTEND NGROUPS "
        "NFRAMES MIRNGRPS MIRNFRMS DETMODE CMD_TSEL FRMDIVSR GROUPGAP DRPFRMS1 "
        "DRPFRMS3 NSAMPLES TSAMPLE TFRAME TGROUP EFFINTTM EFFEXPTM TMEASURE "
        "DURATION NRSTSTRT NRESETS ZEROFRAM DATAPROB SCA_NUM DATAMODE NRS_NORM "
        "NRS_REF SCTARATE GAINFACT IS_IMPRT IS_PSF SELFREF PRIMECRS EXTNCRS",
    ),
    Section.of(
        "Reference file information",
        "CRDS_VER CRDS_CTX R_AREA R_BKG R_MSAOPE R_BARSHA R_CAMERA R_CHRCOR "
        "R_COLLIM R_SIRSKL R_CUBPAR R_DARK R_DISPER R_DISTOR R_MIREMI R_EXTR1D "
        "R_FILOFF R_FLAT R_DFLAT R_FFLAT R_SFLAT R_FORE R_FPA R_FRINGE R_FRIFRQ "
        "R_GAIN R_IFUFOR R_IFUPOS R_IFUSLI R_IPC R_LASTFR R_LINEAR R_MASK R_MSA "
        "R_MRSXAR R_MRSPT R_NRM R_OTE R_PSTSOS R_PTHLOS R_PERSAT R_PHOTOM R_PSFMAS "
        "R_READNO R_REFPIX R_REGION R_RESAMP R_RESOL R_RESET R_RSCD R_SATURA "
        "R_SPKERN R_SPPROF R_SPTRAC R_SPCWCS R_STRAY R_SUPERB R_THRPUT R_TRPDEN "
        "R_TRPPAR R_TSPHOT R_V2V3 R_WAVCOR R_WAVRAN R_WAVMAP",
    ),
    Section.of(
        "Calibration step information",
        "S_TRCMOD S_PSFALI S_AMIANA S_AMINOR S_WCS S_MTWCS S_BKDSUB S_BPXSLF "
        "S_BARSHA S_CHGMIG S_CLNFNS S_COMB1D S_IFUCUB S_DARK S_DQINIT S_MIREMI "
        "S_TELEMI S_ERRINI S_EXTR1D S_EXTR2D S_FRSTFR S_FLAT S_FRINGE S_GANSCL "
        "S_GRPSCL S_GUICDS S_IMPRNT S_IPC S_JUMP S_KLIP S_LASTFR S_LINEAR S_MSBSUB "
        "S_MSAFLG S_OUTLIR S_PTHLOS S_PERSIS S_PHOTOM S_PCTFRM S_PXREPL S_RAMP "
        "S_REFPIX S_RESAMP S_RESFRI S_RESET S_RSCD S_SATURA S_SKYMAT S_SRCCAT "
        "S_SPLEAK S_SRCTYP S_PSFSTK S_STRAY S_SUPERB S_TACNTR S_TSPHOT S_TWKREG "
        "S_WAVCOR S_WFSCOM S_CONTAM S_WHTLIT",
    ),
)


def add_in_order(header: fits.Header, card: fits.Card) -> None:
    """Put a new keyword where official headers have it, at the end if they do not.

    A header that has such headings gets the heading of a section that it lacks.
    """
    number = _section_of(card.keyword)
    if number is None:
        header.append(card)
        return
    names = SECTIONS[number].keywords
    place = names.index(card.keyword)
    before = next((name for name in reversed(names[:place]) if name in header), None)
    behind = next((name for name in names[place + 1 :] if name in header), None)
    if before is not None:
        header.insert(before, card, after=True)
    elif behind is not None:
        header.insert(behind, card)
    else:
        _begin_section(header, number, card)


def _section_of(keyword: str) -> int | None:
    found = (i for i, section in enumerate(SECTIONS) if keyword in section.keywords)
    return next(found, None)


def _begin_section(header: fits.Header, number: int, card: fits.Card) -> None:
    headings = {str(value): place for place, value in _blanks(header)}
    known = {section.heading for section in SECTIONS}
    if not known & headings.keys():  # a header of another kind
        header.append(card)
        return
    later = [headings.get(section.heading) for section in SECTIONS[number + 1 :]]
    place = next((found - 1 for found in later if found is not None), None)
    if place is None:
        place = _end_of_cards(header)
    heading = [fits.Card("", text) for text in ("", SECTIONS[number].heading, "")]
    for offset, new in enumerate((*heading, card)):
        header.insert(place + offset, new)


def _blanks(header: fits.Header) -> Iterator[tuple[int, str]]:
    for place, card in enumerate(header.cards):
        if card.keyword == "":
            yield place, card.value


def _end_of_cards(header: fits.Header) -> int:
    """Return the place behind the last card that is no comment and no HISTORY."""
    keywords = [card.keyword for card in header.cards]
    last = [i for i, name in enumerate(keywords) if name not in ("", "COMMENT", "HISTORY")]
    return last[-1] + 1 if last else 0
