"""Stages of a sampler on disk: the last one of a block, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from calibration.gaussian import Gaussian
from calibration.sample import Stage
from sim.whole import whole


class Shelf:
    """Where a block's last stage lies.

    Args:
        folder: of the fit; made if need be.
        name: of the block.
    """

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.npz"

    def keep(self, stage: Stage) -> None:
        """Write a stage in place of the one before."""
        _, keys, place, has_gauss, gauss = stage.generator
        with whole(self.path) as part, part.open("wb") as file:
            np.savez(
                file,
                number=stage.number,
                mean=stage.fitted.mean,
                root=stage.fitted.root,
                points=stage.points,
                densities=stage.densities,
                chain=stage.chain,
                keys=keys,
                generator=np.array([place, has_gauss, gauss]),
            )

    def last(self) -> Stage | None:
        """The stage that was kept, if there is one that can be read."""
        try:
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as told:
                place, has_gauss, gauss = told["generator"].tolist()
                generator = ("MT19937", told["keys"], int(place), int(has_gauss), gauss)
                fitted = Gaussian(told["mean"], told["root"])
                at = told["points"], told["densities"], generator, told["chain"]
                return Stage(int(told["number"]), fitted, *at)
        except (OSError, KeyError, ValueError, BadZipFile):
            return None
