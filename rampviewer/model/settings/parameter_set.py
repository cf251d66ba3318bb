"""Parameters of both steps as a file or a product states them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from rampviewer.model.settings.naming import Naming
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.step_parameters import KINDS, SKIP, Step

Stated = Mapping[Step, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSet:
    """What was stated for the jump step and the ramp fitting step.

    Parameters
    ----------
    name : str
        Where it comes from, for the screen.
    values : mapping
        Official parameters by step; a step that is not mentioned is no key.
    options : mapping
        Official output options and overrides by step, where they ask for something.
    override_saturation : str
        What the saturation step of a pipeline is told, which counts for uncalibrated
        exposures; "" where it is told nothing.
    use_readpatt : bool or None
        The same for the frames averaged into a group; None where it is not told.
    n_pix_grow_sat : int or None
        The same for the neighbours of saturated pixels [pixel].
    skip_saturation : bool or None
        Whether that step is skipped; None where it is not told.
    notes : tuple of str
        Sentences about what was stated but is not used.
    """

    name: str
    values: Stated = field(default_factory=dict)
    options: Stated = field(default_factory=dict)
    override_saturation: str = ""
    use_readpatt: bool | None = None
    n_pix_grow_sat: int | None = None
    skip_saturation: bool | None = None
    notes: tuple[str, ...] = ()

    @property
    def jump(self) -> JumpParameters:
        """All parameters of jump detection: as stated, else the defaults."""
        return JumpParameters(**self.values.get("jump", {}))

    @property
    def fit(self) -> RampFitParameters:
        """All parameters of the ramp fit: as stated, else the defaults."""
        return RampFitParameters(**self.values.get("ramp_fit", {}))

    @property
    def skipped(self) -> frozenset[Step]:
        """The steps that are not to be carried out."""
        return frozenset(step for step, own in self.options.items() if own.get(SKIP))

    @property
    def summary(self) -> str:
        """The steps that are mentioned, with what is not at its default."""
        parts = []
        for step in dict.fromkeys([*self.values, *sorted(self.skipped)]):
            if step in self.skipped:
                parts.append(f"{step}: skipped")
                continue
            parameters = KINDS[step](**self.values[step])
            changed = [
                f"{item.name} {getattr(parameters, item.name)}"
                for item in fields(parameters)
                if getattr(parameters, item.name) != item.default
            ]
            words = [*changed, "else defaults"] if changed else ["all defaults"]
            parts.append(f"{step}: {', '.join(words)}")
        return "; ".join(parts)

    def __repr__(self) -> str:
        parts = ".jump .fit .skipped .options .notes"
        return f"<ParameterSet {self.name} ({self.summary}); {parts}>"

    def applied_to(
        self, jump: JumpParameters, fit: RampFitParameters
    ) -> tuple[JumpParameters, RampFitParameters]:
        """Return `jump` and `fit` with each step that is mentioned replaced whole."""
        return (
            self.jump if "jump" in self.values else jump,
            self.fit if "ramp_fit" in self.values else fit,
        )

    def followed_by(self, later: Self) -> Self:
        """Return both together; what `later` states wins."""
        return replace(
            self,
            name=", ".join(filter(None, (self.name, later.name))),
            values=_joined(self.values, later.values),
            options=_joined(self.options, later.options),
            override_saturation=later.override_saturation or self.override_saturation,
            use_readpatt=self.use_readpatt
            if later.use_readpatt is None
            else later.use_readpatt,
            n_pix_grow_sat=self.n_pix_grow_sat
            if later.n_pix_grow_sat is None
            else later.n_pix_grow_sat,
            skip_saturation=self.skip_saturation
            if later.skip_saturation is None
            else later.skip_saturation,
            notes=(*self.notes, *later.notes),
        )

    def option(self, name: str, default: Any) -> Any:
        """Return an option that both steps share.

        Parameters
        ----------
        name : str
            Of the option.
        default : object
            What stands for it where no step states it.

        Raises
        ------
        ValueError
            When the steps ask for different things.
        """
        found = {
            str(part[name]): part[name] for part in self.options.values() if name in part
        }
        if len(found) > 1:
            raise ValueError(
                f"{self.name} states two values of {name} ({', '.join(found)}); "
                "here both steps share one"
            )
        return next(iter(found.values()), default)

    def naming(self) -> Naming:
        """Return how products are named.

        Raises
        ------
        ValueError
            When the options contradict each other.
        """
        jump, fit = self.options.get("jump", {}), self.options.get("ramp_fit", {})
        return Naming(
            output_file=self.option("output_file", ""),
            output_use_model=self.option("output_use_model", False),
            jump_suffix=jump.get("suffix", ""),
            fit_suffix=fit.get("suffix", ""),
            opt_name=fit.get("opt_name", ""),
        )


def _joined(earlier: Stated, later: Stated) -> dict[Step, dict[str, Any]]:
    return {
        step: {**earlier.get(step, {}), **later.get(step, {})}
        for step in dict.fromkeys([*earlier, *later])
    }
