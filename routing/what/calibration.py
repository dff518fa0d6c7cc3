"""Calibration (校准): from distances to probabilities, as sharply as is honest."""

import numpy as np
import numpy.typing as npt

from routing.what.features import Floats, Ids

# Sharpness when nothing is known; a text must lie clearly on one side to be called sure.
BLUNT = 2.0
# Fewer answers than this would say more about chance than about the model.
ANSWERS_NEEDED = 5
_CANDIDATES = np.geomspace(0.25, 32.0, 113)


def chances(distances: Floats) -> npt.NDArray[np.float64]:
    """Distances (…, labels) as probabilities that sum to 1 over the labels."""
    # The greatest becomes 0, so that no exponential can overflow.
    powers = np.exp((distances - distances.max(axis=-1, keepdims=True)).astype(np.float64))
    shares: npt.NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def fit_sharpness(distances: Floats, owners: Ids) -> float:
    """The sharpness under which the true owners (one for each row of distances) are likeliest."""
    if len(owners) < ANSWERS_NEEDED:
        return BLUNT
    return float(max(_CANDIDATES, key=lambda sharpness: _log_likelihood(distances * sharpness, owners)))


def _log_likelihood(distances: Floats, owners: Ids) -> float:
    given = chances(distances)[np.arange(len(owners)), owners]
    # A chance of 0 would outweigh all the others' answers for ever.
    return float(np.log(np.maximum(given, 1e-12)).sum())
