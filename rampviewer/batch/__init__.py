"""Both steps on many exposures: one after the other, side by side, or on a Dask cluster."""
