"""All that a regional table tells: stars, results by tier, regions, firm size, key statistics, economies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from observatory.stars import key_statistics as key
from observatory.stars.by_tier import average_wage, by_tier, overall_by_tier
from observatory.stars.dimensions import employment_totals
from observatory.stars.economies import LEAST_QUOTIENT, by_economy, economy_effects
from observatory.stars.firm_size import Limits, effects, firm_size
from observatory.stars.fits import Fit, fits_table, second_degree
from observatory.stars.growth import growth_years
from observatory.stars.levels import CALLED, OVERLAPPING, Groups, shares_at, to_level
from observatory.stars.observatory2009 import LEAST_QUOTIENT as STRONG
from observatory.stars.prosperity import strong_share
from observatory.stars.regional import facts, on_facts
from observatory.stars.rows import Rows, name_of, rows_of
from observatory.stars.scores import check_choices, scores_and_cells
from observatory.stars.top_regions import by_country, clusters_distribution, stars_distribution, top_regions

MILLION = 1_000_000


@dataclass(frozen=True)
class StarResults:
    """What :func:`star_results` returns.

    Attributes
    ----------
    scores
        The star table.
    tables
        The further tables by name, as :data:`observatory.stars.sheets.SHEETS` describes them; one that the
        table cannot give is empty.
    notes
        Sentences on what was missing and what it cost.
    about
        ``method, how, thresholds, industry, level, years3, years9, growth, firm_size_of``.
    """

    scores: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    notes: list[str]
    about: dict[str, Any]


def star_results(
    table: pd.DataFrame,
    industry: str = "nace",
    method: str = "panorama",
    *,
    level: str = "industry",
    groups: Groups | None = None,
    years3: Sequence[int] | None = None,
    years9: Sequence[int] | None = None,
    regions: pd.DataFrame | None = None,
    economies: Mapping[str, Sequence[str]] | None = None,
    limits: Limits | None = None,
) -> StarResults:
    """Score a regional table and draw up all results that it allows.

    Parameters
    ----------
    table, industry, method, level, groups, years3, years9
        As for :func:`observatory.stars.star_scores`. The column ``firms`` is needed for firm size, the columns
        ``population, gdp, patents`` of the total rows for what is set against clusters.
    regions
        ``region, year`` and any of ``population, gdp, patents``, in place of the total rows'.
    economies
        Economies that are held against each other: name → codes of regions or their beginnings. By default the
        European Union and every other country.
    limits
        Thresholds of firm size.

    Returns
    -------
    StarResults
        Firm size, economies and key statistics are of the ten emerging industries, or of the groups at the
        level ``groups``.

    Raises
    ------
    BadInput, ValueError
        As :func:`observatory.stars.star_scores`.

    Examples
    --------
    >>> rows = pd.DataFrame({"region": ["DE21", "DE11"], "industry": "Plastics", "year": 2014, "employment": 5.0})
    >>> results = star_results(rows, "industry")
    >>> results.tables["regions"][["rank", "region", "total"]].values.tolist()
    [[1, 'DE11', 0], [1, 'DE21', 0]]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, 2.3, 2.4, 3; European Cluster Observatory 2009, 1.2, 1.4.
    """
    check_choices(industry, method, level, groups)
    limits = limits or Limits()
    rows = rows_of(table, years3, years9)
    scores, cells = scores_and_cells(rows, table, industry, method, level, groups)
    years = growth_years(sorted({*rows.recent, *rows.long}), rows.recent[-1])
    base = cells if level == "industry" else _base(rows, industry, cells, level, name_of(table))
    wage = average_wage(base, years[1])
    known = facts(rows.totals if regions is None else regions, years[1])
    regional = employment_totals(rows.single, rows.totals)
    described, fits = _regions(scores, known, strong_share(base, regional, years[1]))
    tables = {
        "tiers": by_tier(cells, scores, years, wage),
        "tiers_overall": overall_by_tier(cells, scores, years, wage).iloc[: 0 if level in OVERLAPPING else None],
        "regions": described,
        "countries": by_country(described),
        "clusters_distribution": clusters_distribution(described),
        "stars_distribution": stars_distribution(scores),
        "fits": fits_table(fits),
        **_of_groups(rows, industry, level, groups, base, years, regional, economies, limits),
    }
    of = "groups" if level == "groups" else "emerging"
    about = {name: scores.attrs[name] for name in ("method", "how", "thresholds", "industry", "level")}
    about |= {"years3": list(rows.recent), "years9": list(rows.long), "growth": list(years), "firm_size_of": CALLED[of]}
    about["thresholds"] = {**about["thresholds"], **_stated(limits)}
    notes = [*scores.attrs["notes"], *on_facts(known), *_on_growth(years), *_on_tables(tables, rows, industry, of)]
    return StarResults(scores, tables, notes, about)


def _base(rows: Rows, industry: str, cells: pd.DataFrame, level: str, file: str) -> pd.DataFrame:
    """The cells of the 51 industries, which do not overlap; those of the level where nothing is in the 51."""
    base, _ = to_level(rows.single, industry, "industry", file)
    return cells if base.empty and level not in OVERLAPPING else base


def _regions(
    scores: pd.DataFrame, known: pd.DataFrame, strong: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, tuple[str, str, Fit]]]:
    """Regions by their clusters, with what is known of them; and the curves through them."""
    table = top_regions(scores)
    for part in (known, strong):
        table = table.merge(part, on="region", how="left", validate="one_to_one")
    ordered = table.sort_values("region", ignore_index=True)
    millions = ordered["population"] / MILLION
    x = "share of employees in clusters with a location quotient of 2 or more (0-1)"
    pairs = {
        "clusters_on_population": ("population (millions)", "clusters (number)", millions, ordered["total"]),
        "prosperity_on_strong_share": (x, "GDP per head (EUR)", ordered["strong_share"], ordered["gdp_per_head"]),
        "patenting_on_strong_share": (
            x,
            "patents per million inhabitants",
            ordered["strong_share"],
            ordered["patents_per_million"],
        ),
    }
    return table, {name: (of, on, second_degree(a, b)) for name, (of, on, a, b) in pairs.items()}


def _of_groups(
    rows: Rows,
    industry: str,
    level: str,
    groups: Groups | None,
    base: pd.DataFrame,
    years: tuple[int, int],
    regional: pd.DataFrame,
    economies: Mapping[str, Sequence[str]] | None,
    limits: Limits,
) -> dict[str, pd.DataFrame]:
    """Key statistics, firm size and economies of the emerging industries, or of the user's groups."""
    of = "groups" if level == "groups" else "emerging"
    inside, _ = to_level(rows.single, industry, of, groups=groups)
    economy = rows.single if rows.totals.empty else rows.totals
    whole = key.Whole(key.yearly_sums(base), key.yearly_sums(economy))
    shares = shares_at(rows.single["industry"].drop_duplicates(), industry, of, groups)
    now = rows.single[rows.single["year"] == years[1]]
    narrow = now.rename(columns={"industry": "code"})[["region", "code", "employment", "firms"]]
    here = regional.loc[regional["year"] == years[1], ["region", "regional"]]
    sizes = firm_size(narrow, shares, here, limits)
    beyond = Limits(LEAST_QUOTIENT, limits.dominance, limits.share)
    apart = by_economy(narrow, shares, here, economies, beyond)
    return {
        "key_statistics": key.key_statistics(inside, whole, years),
        "firm_size": sizes,
        "firm_size_effects": effects(sizes),
        "economies": apart.rename(columns={"region": "economy"}),
        "economy_effects": economy_effects(apart, beyond),
    }


def _stated(limits: Limits) -> dict[str, Any]:
    return {
        "firm_size_least_quotient": limits.quotient,
        "firm_size_dominance": limits.dominance,
        "firm_size_least_share": limits.share,
        "economies_least_quotient": LEAST_QUOTIENT,
        "strong_cluster_least_quotient": STRONG,
    }


def _on_growth(years: tuple[int, int]) -> list[str]:
    if years[0] == years[1]:
        return ["The table holds one year of the window: no growth can be told."]
    return [f"Growth is from {years[0]} to {years[1]}, per year, of the regions known in both."]


def _on_tables(tables: Mapping[str, pd.DataFrame], rows: Rows, industry: str, of: str) -> list[str]:
    """Say what firm size rests on, and what could not be told of it."""
    if "firms" in rows.absent or not rows.single["firms"].notna().any():
        return ["The table has no numbers of firms: firm size is not told."]
    if tables["firm_size"].empty:
        return [f"No row of the table falls in {CALLED[of]}: firm size is not told."]
    said = [_narrow(rows.single["industry"], industry)]
    unknown = tables["firm_size"]["why"].value_counts().sort_index()
    where = "Betas of firm size are not computable for"
    said += [f"{where} {number:,} pairs: {why}." for why, number in unknown.items() if why]
    if tables["economies"].empty:
        said.append("The table holds one economy only: economies are not held against each other.")
    return said


def _narrow(codes: pd.Series, industry: str) -> str:
    from observatory.stars.industries import nace_digits

    if industry == "industry":
        return "Betas of firm size are taken over the table's industries: it holds names, not 4-digit codes."
    digits = sorted({len(nace_digits(code)) if industry == "nace" else len(code) for code in codes.drop_duplicates()})
    if digits[0] >= 4:
        return "Betas of firm size are taken over the table's codes of four digits or more."
    return f"Betas of firm size are taken over the table's codes, some of which have {digits[0]} digits only."
