"""Numbers as plain text: rates with their errors, weights, groups."""

import math


def number_text(value: float, err: float) -> tuple[str, str]:
    """Return (value, err) with as many decimals as the error deserves, at least 4.

    Large values lose decimals instead of growing beyond eight digits. An error of 0 is
    none that was measured, and gets no decimals.
    """
    decimals = 4
    if math.isfinite(err) and err > 0:
        decimals = min(8, max(4, 1 - math.floor(math.log10(err))))
    if math.isfinite(value) and abs(value) >= 1e5:
        decimals = max(0, 8 - len(str(int(abs(value)))))
    return fixed_text(value, decimals), fixed_text(err, decimals) if err else "0"


def rate_text(slope: float, err: float) -> str:
    """Return "12.346 ± 0.079 DN/s", or "NaN" when there is no rate.

    An error of 0 is none that was measured, and named as such.
    """
    if math.isnan(slope):
        return "NaN"
    return f"{short_rate(slope, err)} DN/s{'' if err else ', error written as 0'}"


def short_rate(slope: float, err: float) -> str:
    """Return "12.345 ± 0.079": two digits of the error, no unit, for a label in a plot."""
    if math.isnan(slope):
        return "NaN"
    if err == 0:
        return f"{slope:.2f}"
    decimals = 2
    if math.isfinite(err) and err > 0:
        decimals = min(8, max(0, 1 - math.floor(math.log10(err))))
    return f"{slope:.{decimals}f} ± {fixed_text(err, decimals)}"


def groups_text(first: int, last: int) -> str:
    """Return "groups 3 to 5", or "group 3"."""
    return f"group {first}" if first == last else f"groups {first} to {last}"


def weight_text(weight: float) -> str:
    """Return a share of 0 to 1 in per cent."""
    return "NaN" if math.isnan(weight) else f"{100 * weight:.1f} %"


def fixed_text(value: float, decimals: int) -> str:
    """Return a number with so many decimals, or "NaN"."""
    return "NaN" if math.isnan(value) else f"{value:.{decimals}f}"


def grouped(n: int) -> str:
    """Return a whole number with spaces between thousands."""
    return f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def many(count: int, noun: str) -> str:
    """Return "1 group" or "2 groups"."""
    return f"{count} {noun}" + ("" if count == 1 else "s")
