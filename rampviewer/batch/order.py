"""What to do with every exposure of a batch, and what became of one."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self

from rampviewer.model.memory.budget import free_memory
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.naming import Naming
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.step_parameters import Step

State = Literal["done", "skipped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to do with every file; `parameters` says where its parameters come from.

    Parameters
    ----------
    since : float or None
        When the batch began [s since 1970]: with `overwrite`, what it wrote itself before
        a worker was lost is not done again.
    """

    directory: Path
    gain: Path | float | None
    readnoise: Path | float | None
    saturation: Path | float | None = None
    use_readpatt: bool = True
    n_pix_grow_sat: int = 1
    skip_saturation: bool = False
    fetch_references: bool = False
    parameters: ParameterSet
    jump: JumpParameters
    fit: RampFitParameters
    naming: Naming
    delivered_jumps: Literal["keep", "drop"]
    skipped: frozenset[Step] = frozenset()
    n_threads: int | None
    save_opt: bool
    overwrite: bool
    memory_budget: int | None
    whole_series: bool = False
    since: float | None = None

    @property
    def recipe(self) -> Recipe:
        """How every exposure is processed."""
        return Recipe(
            jump=self.jump,
            fit=self.fit,
            delivered_jumps="as_delivered"
            if "jump" in self.skipped
            else self.delivered_jumps,
            skipped=self.skipped,
            source=self.parameters.name or "defaults",
        )

    @property
    def references(self) -> tuple[Path, ...]:
        """The reference files that are given."""
        given = self.gain, self.readnoise, self.saturation
        return tuple(r for r in given if isinstance(r, Path))

    def shared_by(self, n_jobs: int, n_cores: int) -> Self:
        """Return the part of threads and memory that each of so many jobs may take."""
        threads = self.n_threads or n_cores
        budget = self.memory_budget or free_memory() // 2
        return replace(
            self,
            n_threads=max(1, threads // n_jobs),
            memory_budget=max(1, budget // n_jobs),
        )

    def anywhere(self, since: float) -> Self:
        """Return the same for a process that runs in another folder."""
        gain, readnoise, saturation = (
            r.absolute() if isinstance(r, Path) else r
            for r in (self.gain, self.readnoise, self.saturation)
        )
        return replace(
            self,
            directory=self.directory.absolute(),
            gain=gain,
            readnoise=readnoise,
            saturation=saturation,
            since=since,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one exposure.

    Parameters
    ----------
    state : "done", "skipped" or "failed"
    products : tuple of Path
        Those written or, where it was skipped, those that were there.
    notes : tuple of str
        What should be known.
    reason : str
        Why it was skipped or failed, in one sentence that names the file.
    n_primary, n_extended : int, optional
        Jumps found; None where none were searched for, as in what was skipped.
    seconds : float
    """

    path: Path
    state: State
    products: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""
    n_primary: int | None = None
    n_extended: int | None = None
    seconds: float = 0.0

    @property
    def is_skipped(self) -> bool:
        return self.state == "skipped"

    @property
    def as_json(self) -> dict[str, Any]:
        """The same in types that JSON has."""
        found = asdict(self)
        found["path"] = str(self.path)
        found["products"] = [str(product) for product in self.products]
        found["seconds"] = round(self.seconds, 3)
        return found
