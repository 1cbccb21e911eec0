"""The tables of star results as a reader meets them: what each is, the unit of every column, and its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

_PANORAMA = "Panorama 2020"
_OBSERVATORY = "Observatory 2009"
_KEYS = {"region": "code of the region", "industry": "industry", "tier": "tier by the total of stars"}
_PEOPLE = {"employment": "employees, FTE", "firms": "firms, number"}
_QUOTIENTS = {
    "quotient": "location quotient (LQ = plant × size)",
    "plant": "LQ of the number of firms per employee of the region",
    "size": "LQ of the employees per firm",
    "beta_plant": "part of ln LQ's variance that goes with ln plant, over the narrow industries",
    "beta_size": "the same with ln size; the two sum to 1",
    "narrow": "narrow industries that the betas are taken over, number",
    "class": "which effect dominates, of specialised regions",
    "why": "why the betas are not computable",
}


@dataclass(frozen=True)
class Sheet:
    """One table.

    Attributes
    ----------
    title
        What it holds.
    source
        Whose table or figure it follows.
    columns
        Column → its meaning and unit.
    """

    title: str
    source: str
    columns: Mapping[str, str]


SHEETS: Mapping[str, Sheet] = {
    "tiers": Sheet(
        "Industries by tier: regions, employment, wages, growth",
        f"{_PANORAMA}, 2.3, Tables 1 and 2, Annex B and C",
        {
            "industry": _KEYS["industry"],
            "tier": _KEYS["tier"],
            "regions": "regions of the tier in the industry (clusters, but for none), number",
            "employment": "employees, FTE",
            "employment_share": "share of the industry's employment, %",
            "wage": "average wage, EUR per FTE",
            "wage_index": "average wage, average of all exporting industries and regions = 100",
            "employment_growth": "growth of employment, % per year",
            "productivity_growth": "growth of the average wage, % per year",
        },
    ),
    "tiers_overall": Sheet("Tiers over all industries", f"{_PANORAMA}, 2.2 and 2.3", {}),
    "regions": Sheet(
        "Regions by number of clusters, with what is known of them",
        f"{_PANORAMA}, Table 3 and Figure 11; {_OBSERVATORY}, 1.2 and 1.4",
        {
            "rank": "rank by the number of clusters; equal numbers share the better rank",
            "region": _KEYS["region"],
            **{name: f"clusters of the tier {name.replace('_', ' ')}, number"
               for name in ("basic", "medium", "high", "one_star", "two_stars", "three_stars")},
            "total": "clusters, number",
            "population": "inhabitants, number",
            "gdp": "gross domestic product, EUR",
            "patents": "patents, number",
            "gdp_per_head": "gross domestic product, EUR per inhabitant",
            "patents_per_million": "patents per million inhabitants",
            "strong_employment": "employees in clusters with a location quotient of 2 or more, FTE",
            "strong_share": "the same as a share of employment in the industries, 0-1",
            "strong_share_total": "the same as a share of all employment, 0-1",
        },
    ),
    "countries": Sheet(
        "Countries by number of clusters",
        f"{_PANORAMA}, 2.4",
        {
            "country": "code of the country",
            "regions": "regions, number",
            "clusters": "clusters, number",
            "clusters_per_region": "clusters per region",
        },
    ),
    "clusters_distribution": Sheet(
        "How many regions have how many clusters",
        f"{_PANORAMA}, Figure 10",
        {"clusters": "clusters, number", "regions": "regions, number"},
    ),
    "stars_distribution": Sheet(
        "How many pairs of a region and an industry have how many stars",
        f"{_PANORAMA}, 2.1",
        {"stars": "stars, number", "pairs": "pairs, number"},
    ),
    "fits": Sheet(
        "Curves of the second degree, by least squares: y = square x² + linear x + constant",
        f"{_PANORAMA}, Figure 11; {_OBSERVATORY}, 1.2 and 1.4",
        {
            "fit": "curve",
            "x": "what x is",
            "y": "what y is",
            "points": "regions, number",
            "square": "coefficient of x²",
            "linear": "coefficient of x",
            "constant": "constant",
            "r2": "explained share of the variance of y, 0-1",
            "note": "why there is no curve",
        },
    ),
    "key_statistics": Sheet(
        "Key statistics of emerging industries, or of the study's own groups",
        f"{_PANORAMA}, Table 4",
        {
            "industry": _KEYS["industry"],
            "employment": "employees, FTE",
            "employment_share_exporting": "share of employment in all exporting industries, %",
            "employment_share_economy": "share of all employment, %",
            "firms": "firms, number",
            "firms_share_exporting": "share of firms in all exporting industries, %",
            "firms_share_economy": "share of all firms, %",
            "wage": "average wage, EUR per FTE",
            "wage_to_exporting": "average wage, all exporting industries = 100",
            "wage_to_economy": "average wage, whole economy = 100",
            "employment_growth": "growth of employment, % per year",
        },
    ),
    "firm_size": Sheet(
        "Firm size: location quotients split into the number and the size of firms",
        f"{_PANORAMA}, Box 1, after Resbeut & Gugler 2016",
        {"region": _KEYS["region"], "industry": _KEYS["industry"], **_PEOPLE, **_QUOTIENTS},
    ),
    "firm_size_effects": Sheet(
        "Regions by dominant effect of firm size",
        f"{_PANORAMA}, Table 5",
        {
            "industry": _KEYS["industry"],
            "large_firm_effect": "specialised regions with beta size above the threshold, number",
            "SME_effect": "specialised regions with beta plant above the threshold, number",
            "both_effects": "specialised regions with both betas positive and neither above the threshold, number",
            "not_specialised": "regions with a location quotient under the threshold, number",
            "not_computable": "specialised regions without betas, number",
        },
    ),
    "economies": Sheet(
        "Firm size of whole economies",
        f"{_PANORAMA}, Figure 16",
        {"economy": "economy", "industry": _KEYS["industry"], **_PEOPLE, **_QUOTIENTS},
    ),
    "economy_effects": Sheet(
        "Industries in which each economy is specialised, and through which firms",
        f"{_PANORAMA}, Figure 16",
        {
            "economy": "economy",
            "specialised": "industries with a location quotient above the threshold, number",
            "plant": "industries with a quotient of firms above the threshold, number",
            "size": "industries with a quotient of size above the threshold, number",
            "beta_plant": "industries with a dominant beta plant, number",
            "beta_size": "industries with a dominant beta size, number",
            "industries": "industries, number",
            "not_computable": "industries without betas, number",
        },
    ),
}  # fmt: skip
_STARS: Mapping[str, str] = {
    **_KEYS,
    "size": "stars by employment, number",
    "specialisation": "stars by location quotient, number",
    "productivity": "stars by average wage, number",
    "sme": "stars by high-growth SMEs, number",
    "innovation": "stars by global frontier firms, number",
    "focus": "star by share of the region's employment, number",
    "total": "stars in all, number",
}


def columns_of(name: str) -> Mapping[str, str]:
    """Return the meaning and unit of each column of a table; ``stars`` is the star table itself.

    Examples
    --------
    >>> columns_of("tiers_overall")["wage"]
    'average wage, EUR per FTE'
    """
    if name == "stars":
        return _STARS
    return SHEETS[name].columns or SHEETS["tiers"].columns


def described(tables: Mapping[str, pd.DataFrame], source: str) -> pd.DataFrame:
    """Say what every column of every table is.

    Parameters
    ----------
    tables
        Tables by name, as :data:`SHEETS` names them, and ``stars``.
    source
        The regional table that they were computed from.

    Returns
    -------
    pandas.DataFrame
        ``table, column, meaning`` (with its unit), ``follows`` (whose table or figure), ``data`` (the source).

    Examples
    --------
    >>> described({"countries": pd.DataFrame({"country": ["DE"]})}, "stars.csv").iloc[0].to_list()
    ['countries', 'country', 'code of the country', 'Panorama 2020, 2.4', 'stars.csv']
    """
    rows = [
        (name, str(column), columns_of(name)[str(column)], SHEETS[name].source if name in SHEETS else _PANORAMA, source)
        for name, table in tables.items()
        for column in table.columns
    ]
    return pd.DataFrame(rows, columns=["table", "column", "meaning", "follows", "data"])


def stated(about: Mapping[str, Any], notes: list[str]) -> pd.DataFrame:
    """Put method, thresholds and notes in a table of two columns: ``what, said``.

    Examples
    --------
    >>> stated({"how": "By stars.", "thresholds": {"least": 2.0, "tiers": {"high": 13}}}, ["No wages."]).values.tolist()
    [['method', 'By stars.'], ['threshold least', '2.0'], ['threshold tiers high', '13'], ['note', 'No wages.']]
    """
    rows = [("method", str(about["how"]))]
    rows += [(f"threshold {name}", said) for name, said in _flat(about["thresholds"])]
    rows += [
        (name.replace("_", " "), _said(about[name]))
        for name in ("industry", "level", "years3", "years9", "growth", "firm_size_of")
        if name in about
    ]
    rows += [("note", note) for note in notes]
    return pd.DataFrame(rows, columns=["what", "said"])


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{name} {inner}", said) for inner, said in _flat(value))
        else:
            yield name.replace("_", " "), _said(value)


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
