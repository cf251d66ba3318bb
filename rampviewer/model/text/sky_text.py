"""Positions on the sky, as text of fixed width."""

_MS_PER_DAY = 24 * 3600 * 1000
_CENTIARCSEC = 3600 * 100


def sexagesimal(ra: float, dec: float) -> str:
    """Return a position [degree] as "hh:mm:ss.sss +dd:mm:ss.ss"."""
    # Whole units first: 59.9999 s must not be printed as 60.000.
    time = round(ra / 360 * _MS_PER_DAY) % _MS_PER_DAY
    minutes, ms = divmod(time, 60_000)
    hours, minutes = divmod(minutes, 60)
    arc = round(abs(dec) * _CENTIARCSEC)
    arcmin, centi = divmod(arc, 6000)
    degrees, arcmin = divmod(arcmin, 60)
    sign = "-" if dec < 0 else "+"
    return (
        f"{hours:02d}:{minutes:02d}:{ms / 1000:06.3f} "
        f"{sign}{degrees:02d}:{arcmin:02d}:{centi / 100:05.2f}"
    )


def in_degrees(ra: float, dec: float) -> str:
    """Return a position [degree] as "ddd.dddddd +dd.dddddd"."""
    # 359.9999999 is nearer to 0 than to any other number that can be printed.
    whole = round(ra, 6) % 360
    return f"{whole:010.6f} {dec:+010.6f}"
