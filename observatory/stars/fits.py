"""A second-degree fit: clusters on population, prosperity and patenting on the share of strong clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from observatory.stars.ranks import significant

#: Points and different values of x that a curve of the second degree needs to be more than an interpolation.
LEAST_POINTS, LEAST_VALUES = 4, 3


@dataclass(frozen=True)
class Fit:
    """y = square · x² + linear · x + constant, by least squares.

    Attributes
    ----------
    square, linear, constant
        Coefficients; missing where no curve could be fitted.
    r2
        Share of the variance of y that the curve explains (0-1); missing where y does not vary.
    points
        Pairs of x and y that are known.
    why
        Why there is no curve; empty where there is one.
    """

    square: float
    linear: float
    constant: float
    r2: float
    points: int
    why: str = ""

    def at(self, x: float) -> float:
        """Return the curve's value.

        Examples
        --------
        >>> Fit(-1 / 3, 8.0, 0.0, 1.0, 9).at(3.0)
        21.0
        """
        return (self.square * x + self.linear) * x + self.constant


def second_degree(x: pd.Series, y: pd.Series) -> Fit:
    """Fit a curve of the second degree by least squares.

    Parameters
    ----------
    x, y
        On the same index, in an order that does not depend on that of the input; pairs of which one is missing
        are left out.

    Returns
    -------
    Fit
        With ``why`` where fewer than four pairs, or three different values of x, are known.

    Examples
    --------
    >>> x = pd.Series([0.0, 1.0, 2.0, 3.0])
    >>> fit = second_degree(x, 2 * x * x - x + 5)
    >>> fit.square, fit.linear, fit.constant, fit.r2
    (2.0, -1.0, 5.0, 1.0)

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Figure 11; European Cluster Observatory 2009, 1.2
    (y = a x² + b x + c with its R²).
    """
    known = x.notna() & y.notna()
    across, up = x[known].to_numpy(dtype="float64"), y[known].to_numpy(dtype="float64")
    none = float("nan")
    if len(across) < LEAST_POINTS or len(set(across)) < LEAST_VALUES:
        why = f"too few for a curve: {len(across)} known, {len(set(across))} of them different"
        return Fit(none, none, none, none, len(across), why)
    # in units of the largest value, so that squares of millions do not drown the rest
    scale = float(np.abs(across).max())
    terms = np.vander(across / scale, 3)
    found, *_ = np.linalg.lstsq(terms, up, rcond=None)
    left = float(((up - terms @ found) ** 2).sum())
    whole = float(((up - up.mean()) ** 2).sum())
    r2 = 1 - left / whole if whole > 0 else none
    told = significant(pd.Series([found[0] / scale**2, found[1] / scale, found[2], r2])).to_list()
    return Fit(told[0], told[1], told[2], told[3], len(across))


def fits_table(fits: dict[str, tuple[str, str, Fit]]) -> pd.DataFrame:
    """Set fits in a table.

    Parameters
    ----------
    fits
        Name → what x is, what y is, the fit.

    Returns
    -------
    pandas.DataFrame
        ``fit, x, y, points, square, linear, constant, r2, note``.

    Examples
    --------
    >>> fits_table({"p": ("a", "b", Fit(1.0, 0.0, 0.0, 1.0, 5))})[["fit", "points", "square"]].values.tolist()
    [['p', 5, 1.0]]
    """
    rows = [
        (name, x, y, fit.points, fit.square, fit.linear, fit.constant, fit.r2, fit.why)
        for name, (x, y, fit) in fits.items()
    ]
    return pd.DataFrame(rows, columns=["fit", "x", "y", "points", "square", "linear", "constant", "r2", "note"])
