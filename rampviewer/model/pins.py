"""Pixels that are kept on screen, to be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rampviewer.model.exposure import Exposure, Pixel

MOST_PINS: Final = 12  # more colours and glyphs nobody tells apart


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned pixel; `number`, from 1, stays its own while others come and go."""

    number: int
    pixel: Pixel


@dataclass(frozen=True, slots=True)
class Pins:
    """Up to `MOST_PINS` pixels in the order of their numbers."""

    listed: tuple[Pin, ...] = ()

    @classmethod
    def of(cls, pixels: Iterable[Pixel]) -> "Pins":
        """Pin the first `MOST_PINS` different pixels, numbered in their order."""
        different = list(dict.fromkeys(pixels))[:MOST_PINS]
        return cls(tuple(Pin(n, pixel) for n, pixel in enumerate(different, 1)))

    def __len__(self) -> int:
        return len(self.listed)

    @property
    def pixels(self) -> tuple[Pixel, ...]:
        return tuple(pin.pixel for pin in self.listed)

    def of_pixel(self, pixel: Pixel) -> Pin | None:
        """Return the pin of a pixel, None when it has none."""
        return next((pin for pin in self.listed if pin.pixel == pixel), None)

    def toggled(self, pixel: Pixel) -> "Pins":
        """Return these pins without a pixel or, if it was none of them, with it.

        A new one gets the lowest number that is free.

        Raises
        ------
        ValueError
            When as many are pinned as can be.
        """
        if self.of_pixel(pixel) is not None:
            return Pins(tuple(pin for pin in self.listed if pin.pixel != pixel))
        if len(self) == MOST_PINS:
            raise ValueError(
                f"At most {MOST_PINS} pixels can be pinned: remove one of them first."
            )
        taken = {pin.number for pin in self.listed}
        number = next(n for n in range(1, MOST_PINS + 1) if n not in taken)
        pins = (*self.listed, Pin(number, pixel))
        return Pins(tuple(sorted(pins, key=lambda pin: pin.number)))


def is_same_place(before: Exposure, after: Exposure) -> bool:
    """Return whether pixels of two exposures are the same ones of a detector.

    They are where detector, shape and corner of the frame are the same: of another
    product or another dither of one set-up, but not of another detector or subarray. A
    corner that a header does not state is taken for that of the other one.
    """
    corners = [
        tuple(exposure.keywords.get(key) for key in ("SUBSTRT1", "SUBSTRT2"))
        for exposure in (before, after)
    ]
    return (
        before.detector == after.detector
        and before.shape[2:] == after.shape[2:]
        and (corners[0] == corners[1] or any(None in corner for corner in corners))
    )
