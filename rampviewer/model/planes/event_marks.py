"""Which snowballs and showers had a pixel flagged."""

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.large.events import Event
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.pixel_view import EventMark
from rampviewer.model.runs.large_events import LargeLayer, marks_of_pixel

U8 = NDArray[np.uint8]


def event_marks(
    layer: LargeLayer, groupdq: U8, pixel: Pixel, frame: tuple[int, int]
) -> tuple[tuple[EventMark, ...], ...]:
    """Return what large events set in a pixel, for each integration by group.

    Parameters
    ----------
    layer : LargeLayer
    groupdq : (n_ints, n_groups) uint8
        Flags of the pixel with those of the layer.
    pixel : Pixel
    frame : (int, int)
        Rows and columns of the exposure.
    """
    marks = marks_of_pixel(layer, *pixel, frame[1])
    found: list[list[EventMark]] = [[] for _ in groupdq]
    if not marks.place.size:
        return tuple(tuple(item) for item in found)
    here = [event for event in layer.events if event.drawn.contains(*pixel, *frame)]
    before = [event for event in layer.events if _is_carried(event, pixel, frame)]
    for number, bits, by in zip(marks.place, marks.bits, marks.origin, strict=True):
        i, group = divmod(int(number), groupdq.shape[1])
        # Where a core is written, a jump can only be one that was carried over before.
        if bits & Dq.JUMP_DET and by in (Origin.CARRIED_OVER, Origin.SNOWBALL_CORE):
            found[i] += (
                EventMark(group=group, origin=Origin.CARRIED_OVER, event=event)
                for event in before
                if event.integration == i - 1
            )
        found[i] += (
            EventMark(group=group, origin=event.kind, event=event)
            for event in here
            if event.kind == by and _reaches(event, i, group, groupdq[i])
        )
    return tuple(tuple(sorted(item, key=lambda mark: mark.group)) for item in found)


def _is_carried(event: Event, pixel: Pixel, frame: tuple[int, int]) -> bool:
    return event.carried is not None and event.carried.contains(*pixel, *frame)


def _reaches(event: Event, integration: int, group: int, flags: U8) -> bool:
    """Return whether an event sets flags in a group of a pixel inside it."""
    if event.integration != integration or not event.group <= group <= event.last_group:
        return False
    # A shower ends where the pixel saturates.
    saturated = np.any(flags[event.group : group + 1] & np.uint8(Dq.SATURATED))
    return event.kind != Origin.SHOWER or not saturated
