"""What the official output options say about the names of products."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Official output options; left out, products are named after the opened file.

    Parameters
    ----------
    output_file : str
        Name that jump, rate and rateints are made from; its folder does not count, nor
        what follows its last dot.
    output_use_model : bool
        Use the name of the opened file whatever else is given.
    jump_suffix, fit_suffix : str
        Endings in place of `jump`, and of `0_<suffix>` for the rate and `1_<suffix>` for
        its integrations, as the steps number their two results.
    opt_name : str
        Name that the optional product is made from; its folder does not count.

    Raises
    ------
    ValueError
        When the rate and its integrations would have one name.
    """

    output_file: str = ""
    output_use_model: bool = False
    jump_suffix: str = ""
    fit_suffix: str = ""
    opt_name: str = ""

    def __post_init__(self) -> None:
        if self.output_use_model and self.fit_suffix:
            raise ValueError(
                f"suffix {self.fit_suffix!r} with output_use_model gives the rate and its "
                "integrations one name; leave one of the two out"
            )

    def base(self, exposure_name: str, product: str) -> str:
        """Return the file name that the name of a product is made from.

        Parameters
        ----------
        exposure_name : str
            Of the opened file.
        product : "jump", "rate", "rateints", "fitopt" or "likely_chisq"
        """
        is_optional = product in ("fitopt", "likely_chisq")
        given = self.opt_name if is_optional else self.output_file
        if self.output_use_model or not given:
            return exposure_name
        return f"{Path(given).stem}.fits"  # what follows the last dot never counts

    def ending(self, product: str) -> str:
        """Return what the name of `product` ends in."""
        if product == "jump" and self.jump_suffix:
            return self.jump_suffix
        if product in ("rate", "rateints") and self.fit_suffix:
            return f"{int(product == 'rateints')}_{self.fit_suffix}"
        return product
