"""Economies against each other: the European Union, the United States, Japan and others as single regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from observatory.stars.firm_size import Limits, firm_size
from observatory.stars.ranks import significant

#: Countries of the European Union as the Panorama 2020 has it, by their NUTS codes.
EU = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "UK",
)  # fmt: skip
DEFAULT: Mapping[str, Sequence[str]] = {"EU": EU}
#: Above average among economies; within Europe a region is specialised from 1.5.
LEAST_QUOTIENT = 1.0


def economy_of(regions: pd.Series, economies: Mapping[str, Sequence[str]] | None = None) -> pd.Series:
    """Return the economy that each region belongs to.

    Parameters
    ----------
    regions
        Codes of regions or countries.
    economies
        Name → the codes of its regions, or their beginnings; the longest that fits decides. What is in none is
        the economy of its own first two letters. By default the countries of the European Union are ``EU``.

    Examples
    --------
    >>> economy_of(pd.Series(["DE21", "US", "US-CA", "JP"])).to_list()
    ['EU', 'US', 'US', 'JP']
    >>> economy_of(pd.Series(["DE21", "AT13"]), {"Germany": ["DE"], "Vienna": ["AT13"]}).to_list()
    ['Germany', 'Vienna']
    """
    begun = {code: name for name, codes in (economies or DEFAULT).items() for code in codes}
    ordered = sorted(begun, key=lambda code: (-len(code), code))

    def named(region: str) -> str:
        return next((begun[code] for code in ordered if region.startswith(code)), region[:2])

    return regions.map(named).astype("str")


def by_economy(
    narrow: pd.DataFrame,
    shares: pd.DataFrame,
    regional: pd.DataFrame,
    economies: Mapping[str, Sequence[str]] | None = None,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Split the location quotients of whole economies, as :func:`firm_size` does those of regions.

    Parameters
    ----------
    narrow, shares, regional
        As for :func:`observatory.stars.firm_size.firm_size`.
    economies
        As for :func:`economy_of`.
    limits
        The thresholds; the least quotient is 1 by default, above average among the economies.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`firm_size`, ``region`` being the economy; no row where the table holds a single
        economy, which cannot be held against another.

    Examples
    --------
    >>> narrow = pd.DataFrame({"region": ["DE21", "FR10", "US"], "code": "x", "employment": [4.0, 6.0, 30.0],
    ...                        "firms": [2.0, 3.0, 5.0]})
    >>> shares = pd.DataFrame({"code": ["x"], "industry": "g", "share": 1.0})
    >>> regional = pd.DataFrame({"region": ["DE21", "FR10", "US"], "regional": [50.0, 50.0, 100.0]})
    >>> by_economy(narrow, shares, regional)[["region", "quotient", "plant", "size"]].values.tolist()
    [['EU', 0.5, 1.0, 0.5], ['US', 1.5, 1.0, 1.5]]
    """
    limits = limits or Limits(quotient=LEAST_QUOTIENT)
    known = narrow[(narrow["employment"] > 0) & (narrow["firms"] > 0)]
    known = known[known["region"].isin(regional.loc[regional["regional"] > 0, "region"])]
    parts = known.sort_values(["region", "code"]).assign(region=lambda table: economy_of(table["region"], economies))
    cells = parts.groupby(["region", "code"])[["employment", "firms"]].sum().reset_index()
    ordered = regional.sort_values("region").assign(region=lambda table: economy_of(table["region"], economies))
    totals = ordered.groupby("region")["regional"].sum().reset_index()
    table = firm_size(cells, shares, totals, limits)
    return table if table["region"].nunique() > 1 else table.iloc[:0]


def economy_effects(table: pd.DataFrame, limits: Limits | None = None) -> pd.DataFrame:
    """Count, for each economy, the industries in which firms of each kind make it specialised or dominate.

    Parameters
    ----------
    table
        What :func:`by_economy` returns.
    limits
        The thresholds, as there.

    Returns
    -------
    pandas.DataFrame
        ``economy``, then numbers of industries: ``specialised`` (LQ), ``plant`` and ``size`` (the quotient above
        the threshold), ``beta_plant`` and ``beta_size`` (dominant), ``industries`` (in all), and
        ``not_computable`` (no betas).

    Examples
    --------
    >>> table = pd.DataFrame({"region": ["EU"], "quotient": [1.2], "plant": [1.5], "size": [0.8],
    ...                       "beta_plant": [0.7], "beta_size": [0.3]})
    >>> economy_effects(table).values.tolist()
    [['EU', 1, 1, 0, 1, 0, 1, 0]]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Figure 16.
    """
    limits = limits or Limits(quotient=LEAST_QUOTIENT)
    told = {name: significant(table[name]) for name in ("quotient", "plant", "size", "beta_plant", "beta_size")}
    flags = pd.DataFrame(
        {
            "economy": table["region"],
            "specialised": told["quotient"] > limits.quotient,
            "plant": told["plant"] > limits.quotient,
            "size": told["size"] > limits.quotient,
            "beta_plant": told["beta_plant"] > limits.dominance,
            "beta_size": told["beta_size"] > limits.dominance,
            "industries": True,
            "not_computable": table["beta_plant"].isna(),
        }
    )
    counted = flags.groupby("economy").sum()
    return counted.astype("int64").reset_index()
