"""Firm size: whether a region is specialised through many firms or through large ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from observatory.stars.ranks import significant

#: The classes, in the order of the Panorama's Table 5; the last two are no effect.
LARGE, SME, BOTH = "large firm effect", "SME effect", "both effects"
UNSPECIALISED, UNKNOWN = "not specialised", "not computable"
CLASSES = (LARGE, SME, BOTH, UNSPECIALISED, UNKNOWN)
#: A variance of ln LQ below this is none: the last digits of equal quotients.
FLAT = 1e-18
COLUMNS = (
    "region",
    "industry",
    "employment",
    "firms",
    "quotient",
    "plant",
    "size",
    "beta_plant",
    "beta_size",
    "narrow",
    "class",
    "why",
)


@dataclass(frozen=True)
class Limits:
    """The thresholds of the firm-size classes.

    Attributes
    ----------
    quotient
        Least location quotient of a specialised region.
    dominance
        A beta above this is dominant.
    share
        Least share of a narrow industry that must fall in a group for the narrow industry to count in its betas.
    """

    quotient: float = 1.5
    dominance: float = 0.55
    share: float = 0.5


def firm_size(
    narrow: pd.DataFrame, shares: pd.DataFrame, regional: pd.DataFrame, limits: Limits | None = None
) -> pd.DataFrame:
    """Split the location quotient of each industry in each region into the number and the size of its firms.

    LQ = Plant × Size, Plant = (F_ir / E_r) / (F_i / E), Size = (E_ir / F_ir) / (E_i / F_i). The betas are
    Cov(ln Plant, ln LQ) / Var(ln LQ) and Cov(ln Size, ln LQ) / Var(ln LQ) over the narrow (4-digit) industries
    of the industry in the region; they sum to 1.

    Parameters
    ----------
    narrow
        ``region, code, employment`` (FTE), ``firms`` (number) of one year. Cells of which one figure is not
        known or not above zero are left out, of the sums over regions too.
    shares
        ``code, industry, share``: which narrow industries make up an industry, as from
        :func:`observatory.stars.levels.shares_at`.
    regional
        ``region, regional``: E_r (FTE); regions without it are left out.
    limits
        The thresholds; by default LQ of 1.5 or more, betas above 0.55, and half of a narrow industry.

    Returns
    -------
    pandas.DataFrame
        ``region, industry, employment`` (FTE), ``firms``, ``quotient`` (LQ), ``plant, size`` (quotients),
        ``beta_plant, beta_size``, ``narrow`` (narrow industries that the betas are taken over), ``class`` (one
        of :data:`CLASSES`: the effects are of specialised regions only), ``why`` (what was not computable).
        Sorted.

    Examples
    --------
    >>> narrow = pd.DataFrame({"region": list("AABB"), "code": list("xyxy"), "employment": [80.0, 60.0, 20.0, 40.0],
    ...                        "firms": [4.0, 6.0, 4.0, 4.0]})
    >>> shares = pd.DataFrame({"code": ["x", "y"], "industry": "g", "share": 1.0})
    >>> regional = pd.DataFrame({"region": ["A", "B"], "regional": [100.0, 300.0]})
    >>> table = firm_size(narrow, shares, regional).set_index("region").round(3)
    >>> table[["quotient", "plant", "size", "beta_plant", "beta_size"]].values.tolist()[0]
    [2.8, 2.222, 1.26, -0.634, 1.634]
    >>> table["class"].to_list()
    ['large firm effect', 'not specialised']

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Box 1, after Resbeut & Gugler 2016. (The box says
    that both betas may be above 0.55; as they sum to 1 they cannot.)
    """
    limits = limits or Limits()
    known = narrow[(narrow["employment"] > 0) & (narrow["firms"] > 0)]
    held = regional.loc[regional["regional"] > 0, ["region", "regional"]]
    known = known.merge(held, on="region", how="inner").sort_values(["region", "code"], ignore_index=True)
    overall = float(held.sort_values("region")["regional"].sum())
    split = known.merge(shares[["code", "industry", "share"]], on="code", how="inner")
    split = split.sort_values(["region", "industry", "code"], ignore_index=True)
    table = _quotients(_whole(split), overall, "industry")
    inside = _quotients(known, overall, "code")[["region", "code", "plant", "size"]]
    member = split.loc[split["share"] >= limits.share, ["region", "industry", "code"]]
    betas = _betas(member.merge(inside, on=["region", "code"], how="left"))
    table = table.merge(betas, on=["region", "industry"], how="left", validate="one_to_one")
    table["narrow"] = table["narrow"].fillna(0).astype("int64")
    table["why"] = _why(table)
    table["class"] = _classes(table, limits)
    return table.sort_values(["region", "industry"], ignore_index=True)[list(COLUMNS)]


def _whole(split: pd.DataFrame) -> pd.DataFrame:
    """Employment and firms of each industry in each region, with the shares of its narrow industries."""
    weighed = split.assign(employment=split["employment"] * split["share"], firms=split["firms"] * split["share"])
    by = ["region", "industry"]
    return weighed.groupby(by).agg(
        employment=("employment", "sum"), firms=("firms", "sum"), regional=("regional", "first")
    ).reset_index()  # fmt: skip


def _quotients(table: pd.DataFrame, overall: float, by: str) -> pd.DataFrame:
    employed = table.groupby(by)["employment"].transform("sum")
    firms = table.groupby(by)["firms"].transform("sum")
    plant = (table["firms"] / table["regional"]) / (firms / overall)
    size = (table["employment"] / table["firms"]) / (employed / firms)
    return table.assign(quotient=plant * size, plant=plant, size=size)


def _betas(table: pd.DataFrame) -> pd.DataFrame:
    """Covariances over variance of the logarithms, by region and industry."""
    by = ["region", "industry"]
    logs = pd.DataFrame({"plant": np.log(table["plant"]), "size": np.log(table["size"])})
    logs["quotient"] = logs["plant"] + logs["size"]
    apart = logs - logs.groupby([table[key] for key in by]).transform("mean")
    products = table[by].assign(
        plant=apart["plant"] * apart["quotient"], size=apart["size"] * apart["quotient"], spread=apart["quotient"] ** 2
    )
    sums = products.groupby(by).agg(
        narrow=("spread", "size"), plant=("plant", "sum"), size=("size", "sum"), spread=("spread", "sum")
    ).reset_index()  # fmt: skip
    spread = sums["spread"].where((sums["narrow"] > 1) & (sums["spread"] > FLAT * sums["narrow"]))
    return sums[[*by, "narrow"]].assign(beta_plant=sums["plant"] / spread, beta_size=sums["size"] / spread)


def _why(table: pd.DataFrame) -> pd.Series:
    said = np.select(
        [table["beta_plant"].notna(), table["narrow"] == 0, table["narrow"] == 1],
        ["", "no narrow industry is in it by half or more", "one narrow industry only"],
        default="the same quotient in all narrow industries",
    )
    return pd.Series(said, index=table.index, dtype="str")


def _classes(table: pd.DataFrame, limits: Limits) -> pd.Series:
    plant, size = significant(table["beta_plant"]), significant(table["beta_size"])
    said = np.select(
        [
            significant(table["quotient"]) < limits.quotient,
            plant.isna(),
            size > limits.dominance,
            plant > limits.dominance,
        ],
        [UNSPECIALISED, UNKNOWN, LARGE, SME],
        default=BOTH,
    )
    return pd.Series(said, index=table.index, dtype="str")


def effects(table: pd.DataFrame) -> pd.DataFrame:
    """Count the regions of each class by industry.

    Parameters
    ----------
    table
        What :func:`firm_size` returns.

    Returns
    -------
    pandas.DataFrame
        ``industry`` and a column of numbers of regions for each of :data:`CLASSES`, underscores for blanks.

    Examples
    --------
    >>> effects(pd.DataFrame({"industry": ["g", "g"], "class": [LARGE, UNSPECIALISED]})).values.tolist()
    [['g', 1, 0, 0, 1, 0]]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Table 5.
    """
    counted = pd.crosstab(table["industry"], table["class"]).reindex(columns=list(CLASSES), fill_value=0)
    counted.columns = pd.Index([name.replace(" ", "_") for name in CLASSES])
    return counted.rename_axis("industry").reset_index()
