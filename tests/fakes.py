"""Stand-ins for the parts that a test does not want."""

from concurrent.futures import Executor, Future

from rampviewer.model.errors import CancelledError


class InlineExecutor(Executor):
    """Runs each task at once, in the calling thread."""

    def submit(self, fn, /, *args, **kwargs):
        done = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class FakeJob:
    """Two steps named after the job; `gate` holds them back."""

    def __init__(self, name, gate=None):
        self.name, self.gate, self.n_run = name, gate, 0

    def steps(self, is_cancelled, is_outdated):
        for number in (0, 1):
            if is_cancelled() or is_outdated():
                raise CancelledError
            if self.gate:
                assert self.gate.wait(60)
            self.n_run += 1
            yield f"{self.name}{number}"


class BrokenJob:
    """Raises before its first step."""

    def __init__(self, name):
        self.name = name

    def steps(self, is_cancelled, is_outdated):
        raise ValueError(f"{self.name} broke")
        yield
