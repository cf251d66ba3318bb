"""New targets while a pass over the whole exposure is being made."""

import time

from tests.bench.hand import STEP, until, wait

N_TARGETS, N_FITS = 12, 100


def taken_up(user, begin):
    """Return the delays [s] from targets that disturb a pass to the start of the next."""
    started, taken = [], []
    told = user.live.started.connect(lambda _job: started.append(time.perf_counter()))
    for k in range(N_TARGETS):
        user.session.set_threshold(4.0)
        user.settle()
        begin(k)
        until(lambda: user.live.is_busy)
        wait(0.05)
        n, now = len(started), time.perf_counter()
        was_busy = user.live.is_busy
        user.session.set_threshold(4.0 + (k + 1) / 100)
        until(lambda n=n: len(started) > n)
        if was_busy:
            taken.append(started[n] - now)
    user.settle()
    user.live.started.disconnect(told)
    return taken


def needed_in_quick_succession(user, needed):
    """Let no pass end: the screen changes all the same, in all its rows.

    Return what came on it, in words, and the time [s] until the last one is complete.
    """
    needed(0)  # from then on no target has the fit that all pixels have
    rows, paints = [], user.image.n
    told = user.session.first.rows_changed.connect(lambda *band: rows.append(band))
    for k in range(N_FITS):
        now = time.perf_counter()
        user.session.set_threshold(4.0 + (k + 1) / 100)
        until(lambda now=now: time.perf_counter() > now + STEP)
    n_images, n_rows = user.image.n - paints, sum(stop - start for start, stop in rows)
    shares = n_rows / user.session.exposure.n_rows
    last = user.seconds_of(user.settle)
    user.check()
    user.session.first.rows_changed.disconnect(told)
    return (
        f"last of {N_FITS} needed passes, {n_images} images, rows new {shares:.1f} times",
        last,
    )
