"""Which sector a NAICS 2017 code is at a level: two to six digits, the 51 industries, the ten emerging ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from ingest.concordance import naics_codes, naics_titles, prefix, read_table
from ingest.faults import BadInput, Fault
from ingest.records import VENDOR_LEVELS

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ("naics2", "naics3", "naics4", "naics5", "naics6", "industry", "emerging")


def sectors_at(naics: Iterable[str], level: str, groups: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """Give each NAICS 2017 code its sectors at a level.

    Parameters
    ----------
    naics
        NAICS 2017 codes of two to six digits, 31-33 written so or by its parts; repeats count once.
    level
        One of :data:`LEVELS`.
    groups
        The user's own sectors: NAICS codes or their first digits folded into a name. At the levels
        ``industry`` and ``emerging``, where whole industries are meant, their names may stand there too. The
        longest digits win; the rest keep their own sector.

    Returns
    -------
    pandas.DataFrame
        ``naics``, ``sector``, ``share`` (sums to 1 for each code; several rows where an industry belongs to
        several emerging ones), sorted. Codes that have no sector at the level are absent: codes too short for
        it, codes that are not in NAICS 2017, and at the level ``industry`` what serves the local market.

    Raises
    ------
    ValueError
        For an unknown level.
    BadInput
        Lists what in ``groups`` is neither a NAICS code nor, where these are meant, an industry, and what
        stands in two groups.

    Examples
    --------
    >>> sectors_at(["325411", "31-33"], "naics3").to_dict("records")
    [{'naics': '325411', 'sector': '325', 'share': 1.0}]
    >>> sectors_at(["315210", "325411"], "naics3", {"Fashion": ["313", "314", "315", "316"]})["sector"].to_list()
    ['Fashion', '325']
    """
    import pandas as pd

    rows = sector_shares(naics, level, groups)
    return pd.DataFrame(
        {
            "naics": pd.Series([row[0] for row in rows], dtype="str"),
            "sector": pd.Series([row[1] for row in rows], dtype="str"),
            "share": pd.Series([row[2] for row in rows], dtype="float64"),
        }
    )


def sector_shares(
    naics: Iterable[str], level: str, groups: Mapping[str, Sequence[str]] | None = None
) -> list[tuple[str, str, float]]:
    """Give the rows of :func:`sectors_at`, without a table.

    Examples
    --------
    >>> sector_shares(["325411", "31-33"], "naics3")
    [('325411', '325', 1.0)]
    """
    _check_level(level)
    folded = _folds(groups or {}, level)
    return [
        (code, sector, share)
        for code in sorted(set(naics))
        for sector, share in sorted(_sectors(code, level, folded).items())
    ]


def _check_level(level: str) -> None:
    if level not in LEVELS:
        raise ValueError(f"level is {level!r}; expected one of {', '.join(LEVELS)}")


def _folds(groups: Mapping[str, Sequence[str]], level: str) -> dict[str, str]:
    """The user's name by code or industry; faults for what is unknown or claimed twice."""
    named = frozenset((*_industries(), *_emerging_names()) if level in ("industry", "emerging") else ())
    known, wrong = _prefixes() | named, []
    out: dict[str, str] = {}
    for name, codes in sorted(groups.items()):
        if name in _prefixes() and name not in codes:  # it would be added to that sector, under its title
            expected = "a name of its own; this is a NAICS code that the group does not hold"
            wrong.append(Fault("groups", None, name, expected, "give the group another name"))
        for code in codes:
            if code not in known:
                wrong.append(Fault("groups", None, code, f"a NAICS 2017 code in {name!r}", "correct the code"))
            elif out.setdefault(code, name) != name:
                wrong.append(Fault("groups", None, code, f"one group; {out[code]!r} has it", "leave it in one"))
    if wrong:
        raise BadInput(wrong)
    return out


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(code[:k] for code in naics_codes() for k in range(2, 7)) | {"31-33", "44-45", "48-49"}


def all_codes() -> list[str]:
    """List every code that NAICS 2017 has, of two to six digits.

    Examples
    --------
    >>> {"31-33", "31", "325", "325411"} <= set(all_codes())
    True
    """
    return sorted(_prefixes())


def _sectors(code: str, level: str, folded: Mapping[str, str]) -> dict[str, float]:
    """Sectors of one code with shares that sum to 1; empty where it has none at the level."""
    if code not in _prefixes():
        return {}
    claims = (*(code[:width] for width in range(len(code), 1, -1)), prefix(code, 2))
    for claim in claims:
        if claim in folded:
            return {folded[claim]: 1.0}
    if level.startswith("naics"):
        width = int(level[-1])
        joined = prefix(code, 2)
        return {joined: 1.0} if width == 2 else {code[:width]: 1.0} if _long(code, width) else {}
    return _of_industry(_traded().get(code), level, folded)


def _long(code: str, width: int) -> bool:
    return "-" not in code and len(code) >= width


def _of_industry(industry: str | None, level: str, folded: Mapping[str, str]) -> dict[str, float]:
    if industry is None:
        return {}
    sectors = (industry,) if level == "industry" else _emerging().get(industry, ())
    if industry in folded:
        return {folded[industry]: 1.0}
    out: dict[str, float] = defaultdict(float)
    for sector in sectors:
        out[folded.get(sector, sector)] += 1 / len(sectors)
    return dict(out)


@cache
def _traded() -> Mapping[str, str]:
    return {code: industry for code, industry, kind in read_table("industries") if kind == "traded"}


@cache
def _industries() -> tuple[str, ...]:
    return tuple(sorted(set(_traded().values())))


@cache
def _emerging() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for industry, emerging, _ in read_table("emerging"):
        found[industry].append(emerging)
    return {industry: tuple(sorted(names)) for industry, names in found.items()}


@cache
def _emerging_names() -> tuple[str, ...]:
    return tuple(sorted({name for names in _emerging().values() for name in names}))


def sector_label(level: str, sector: str) -> str:
    """The title of a sector; an industry, a vendor's class, and a name of the user's, is its own.

    Examples
    --------
    >>> sector_label("naics3", "325"), sector_label("naics2", "31-33"), sector_label("industry", "Apparel")
    ('Chemical manufacturing', 'Manufacturing', 'Apparel')
    """
    if level in VENDOR_LEVELS:
        return sector
    _check_level(level)
    if not level.startswith("naics"):
        return sector
    return naics_titles().get(prefix(sector, 2) if len(sector) == 2 else sector, sector)


def industry_of(naics: Iterable[str], kind: str = "traded") -> pd.DataFrame:
    """The industry of each six-digit NAICS 2017 code.

    Parameters
    ----------
    naics
        Six-digit codes; repeats count once.
    kind
        ``traded``: the 51 exporting industries, in the Panorama's spelling. ``all``: those that serve the
        local market as well.

    Returns
    -------
    pandas.DataFrame
        ``naics``, ``industry``, ``kind`` (traded or local), sorted; codes without an industry are absent
        (farming and public administration are in none).

    Raises
    ------
    ValueError
        For an unknown kind.

    Examples
    --------
    >>> industry_of(["336411", "722511"]).to_dict("records")
    [{'naics': '336411', 'industry': 'Aerospace Vehicles and Defence', 'kind': 'traded'}]

    Source: U.S. Cluster Mapping definitions (Delgado, Porter & Stern 2016); European Panorama of Clusters and
    Industrial Change 2020 for the names.
    """
    if kind not in ("traded", "all"):
        raise ValueError(f"kind is {kind!r}; expected traded or all")
    wanted = set(naics)
    import pandas as pd

    table = pd.DataFrame(read_table("industries"), columns=["naics", "industry", "kind"], dtype="str")
    kept = table["naics"].isin(wanted) & ((table["kind"] == "traded") | (kind == "all"))
    return table[kept].sort_values("naics", ignore_index=True)


def emerging_of_industry() -> pd.DataFrame:
    """The emerging industries that each exporting industry belongs to: the project's own approximation.

    The list behind the ten emerging industries is not printed in the Panorama 2020, which draws it up within
    industries by co-location; here whole industries are assigned by the plain meaning of the ten names. A
    table of the user's own takes its place by way of ``groups`` in :func:`sectors_at`.

    Returns
    -------
    pandas.DataFrame
        ``industry``, ``emerging``; several rows where an industry belongs to several, none where to none.

    Examples
    --------
    >>> table = emerging_of_industry()
    >>> table.loc[table["industry"] == "Biopharmaceuticals", "emerging"].to_list()
    ['Biopharmaceuticals']
    """
    import pandas as pd

    rows = [(industry, name) for industry, names in sorted(_emerging().items()) for name in names]
    return pd.DataFrame(rows, columns=["industry", "emerging"], dtype="str")


def all_sectors(level: str) -> pd.DataFrame:
    """Every sector of a level with its label.

    Returns
    -------
    pandas.DataFrame
        ``sector``, ``label``, sorted by sector.

    Examples
    --------
    >>> [len(all_sectors(level)) for level in LEVELS]
    [20, 99, 311, 709, 1057, 51, 10]
    """
    import pandas as pd

    _check_level(level)
    if level == "industry":
        found = list(_industries())
    elif level == "emerging":
        found = list(_emerging_names())
    else:
        found = sorted({prefix(code, int(level[-1])) for code in naics_codes()})
    labels = [sector_label(level, sector) for sector in found]
    return pd.DataFrame({"sector": found, "label": labels}, dtype="str")
