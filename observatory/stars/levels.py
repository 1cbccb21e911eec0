"""The level at which stars are given: the 51 industries, the ten emerging ones, NACE, NAICS, or groups of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars import industries

Groups: TypeAlias = Mapping[str, Sequence[str]]
#: Levels of NACE Rev. 2 and the digits of their codes; a section is a letter.
NACE_LEVELS: Mapping[str, int] = {"section": 0, "division": 2, "group": 3, "class": 4}
NAICS_LEVELS = ("naics2", "naics3", "naics4", "naics5", "naics6")
LEVELS = ("industry", "emerging", "groups", *NACE_LEVELS, *NAICS_LEVELS)
#: Levels at which one code may count in several industries, so that they do not add up to a whole.
OVERLAPPING = ("emerging", "groups")
#: How a level is called in sentences.
CALLED: Mapping[str, str] = {
    "industry": "the 51 industries",
    "emerging": "the ten emerging industries",
    "groups": "the study's own groups",
    **{level: f"NACE {level}s" for level in NACE_LEVELS},
    "class": "NACE classes",
    **{level: f"NAICS sectors of {level[-1]} digits" for level in NAICS_LEVELS},
}
#: The first division of each section of NACE Rev. 2.
_SECTIONS = (
    (1, "A"), (5, "B"), (10, "C"), (35, "D"), (36, "E"), (41, "F"), (45, "G"), (49, "H"), (55, "I"), (58, "J"),
    (64, "K"), (68, "L"), (69, "M"), (77, "N"), (84, "O"), (85, "P"), (86, "Q"), (90, "R"), (94, "S"), (97, "T"),
    (99, "U"),
)  # fmt: skip
#: What marks a NACE code among the members of a group, which are NAICS codes or names otherwise.
NACE_MARK = "nace:"


def check_level(level: str, industry: str, groups: Groups | None = None) -> None:
    """Refuse a level that is not known, or that the table's codes cannot be carried to.

    Raises
    ------
    ValueError
        An unknown level; a level of NACE for a table that is not in NACE; names, which no code level fits; the
        level ``groups`` without a group.

    Examples
    --------
    >>> check_level("division", "naics")
    Traceback (most recent call last):
    ...
    ValueError: level division needs a table in NACE codes (industry='nace'), not 'naics'
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")
    if level in NACE_LEVELS and industry != "nace":
        raise ValueError(f"level {level} needs a table in NACE codes (industry='nace'), not {industry!r}")
    if level in NAICS_LEVELS and industry == "industry":
        raise ValueError(f"level {level} needs a table in codes, not in names (industry='industry')")
    if level == "groups" and not groups:
        raise ValueError("level groups needs groups: a name and its codes or industries for each")


def to_level(
    cells: pd.DataFrame, industry: str, level: str, file: str = "table", groups: Groups | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Add the cells of a table up to the industries of a level.

    Parameters
    ----------
    cells
        ``region, industry, year`` and figures, without total rows.
    industry
        What the column industry holds: ``nace``, ``naics``, ``sic`` or ``industry`` (names).
    level
        One of :data:`LEVELS`.
    file
        The name of the table, for the messages.
    groups
        For the level ``groups``: name → members, see :func:`shares_at`.

    Returns
    -------
    tuple
        The same columns by industry, sorted; and sentences on what belongs to none.

    Raises
    ------
    BadInput
        What :func:`observatory.stars.industries.to_industries` refuses; a member of a group that is nothing known.
    """
    if level in ("industry", "emerging"):
        return industries.to_industries(cells, industry, level, file)
    table = cells
    if industry == "industry":
        table = table.assign(industry=industries.panorama_name(table["industry"]))
        industries.check_spellings(table, cells, file)
    else:
        industries.check_codes(table, industry, file)
    shares = shares_at(table["industry"].drop_duplicates(), industry, level, groups)
    table, said = industries.shared_out(table, shares, CALLED[level])
    return table.sort_values(["region", "industry", "year"], ignore_index=True), said


def shares_at(codes: pd.Series, scheme: str, level: str, groups: Groups | None = None) -> pd.DataFrame:
    """Return the share of each code that falls in each industry of a level.

    Parameters
    ----------
    codes
        Distinct codes as the table writes them, or names of industries.
    scheme
        ``nace``, ``naics``, ``sic`` or ``industry`` (names).
    level
        One of :data:`LEVELS`.
    groups
        For the level ``groups``: name → members. A member is a NAICS 2017 code or its first digits, the name
        of one of the 51 industries, of an emerging one or of a row of the table, or a NACE Rev. 2 code after
        ``nace:``. What two members share counts once in a group; two groups may overlap.

    Returns
    -------
    pandas.DataFrame
        ``code, industry, share`` (above 0, at most 1 for each industry), sorted.

    Raises
    ------
    BadInput
        Members of groups that are nothing known, or that a table in names cannot tell.

    Examples
    --------
    >>> shares_at(pd.Series(["10.1", "11.07"]), "nace", "division").to_dict("list")
    {'code': ['10.1', '11.07'], 'industry': ['10', '11'], 'share': [1.0, 1.0]}
    >>> shares_at(pd.Series(["336411", "315210"]), "naics", "groups", {"Fashion": ["315", "316"]})["code"].to_list()
    ['315210']
    """
    ordered = pd.Series(sorted(set(codes)), dtype="str")
    if level in NACE_LEVELS:
        table = _by_name(ordered, lambda code: _nace_at(code, level))
    elif level in NAICS_LEVELS:
        table = _at_naics(ordered, scheme, level)
    elif level == "groups":
        table = _in_groups(ordered, scheme, groups or {})
    else:
        table = _whole(ordered, scheme, level)
    kept = table[table["share"] > 0].groupby(["code", "industry"])["share"].sum().reset_index()
    return kept.assign(share=kept["share"].clip(upper=1.0))


def _by_name(codes: pd.Series, named: Callable[[str], str]) -> pd.DataFrame:
    """Give each code one industry whole; an empty name is none."""
    table = pd.DataFrame({"code": codes, "industry": codes.map(named), "share": 1.0})
    return table[table["industry"] != ""]


def _nace_at(code: str, level: str) -> str:
    digits = industries.nace_digits(code)
    if level == "section":
        return next((letter for first, letter in reversed(_SECTIONS) if int(digits[:2]) >= first), "")
    width = NACE_LEVELS[level]
    if len(digits) < width:
        return ""
    return digits[:2] if width == 2 else f"{digits[:2]}.{digits[2:width]}"


def _at_naics(codes: pd.Series, scheme: str, level: str) -> pd.DataFrame:
    from ingest.levels import sectors_at

    links = industries.to_six_digits(codes, scheme)
    sectors = sectors_at(sorted(set(links["naics"])), level)[["naics", "sector"]]
    return links.merge(sectors, on="naics").rename(columns={"symbol": "code", "sector": "industry"})


def _whole(codes: pd.Series, scheme: str, level: str) -> pd.DataFrame:
    """Give the codes' shares in the 51 industries or in the ten emerging ones."""
    if scheme == "industry":
        table = _by_name(codes, lambda name: str(industries.panorama_name(pd.Series([name]))[0]))
    else:
        table = industries.industries_of_codes(codes, scheme)
    if level == "industry":
        return table
    emerging = industries.emerging_shares().rename(columns={"code": "part", "industry": "emerging"})
    joined = table.rename(columns={"industry": "part"}).merge(emerging[["part", "emerging"]], on="part")
    return joined.rename(columns={"emerging": "industry"})[["code", "industry", "share"]]


def _in_groups(codes: pd.Series, scheme: str, groups: Groups) -> pd.DataFrame:
    _check_members(codes, scheme, groups)
    links = None if scheme == "industry" else industries.to_six_digits(codes, scheme)
    parts = []
    for name, members in sorted(groups.items()):
        if links is None:
            part = _of_names(codes, members)
        else:
            atoms = links[links["naics"].isin(_naics_of(members))].rename(columns={"symbol": "code"})
            part = pd.concat([atoms[["code", "share"]], _of_nace(codes, scheme, members)])
        summed = part.groupby("code")["share"].sum().clip(upper=1.0).reset_index()
        parts.append(summed.assign(industry=name))
    return pd.concat(parts, ignore_index=True)[["code", "industry", "share"]]


def _named(members: Sequence[str]) -> set[str]:
    """Names of the 51 industries among the members, those of the emerging ones spelt out."""
    from ingest.levels import emerging_of_industry

    emerging = emerging_of_industry()
    wanted = {str(name) for name in industries.panorama_name(pd.Series(list(members), dtype="str"))}
    return wanted | set(emerging.loc[emerging["emerging"].isin(wanted), "industry"])


def _of_names(codes: pd.Series, members: Sequence[str]) -> pd.DataFrame:
    wanted = _named(members)
    inside = industries.panorama_name(codes).isin(wanted)
    return pd.DataFrame({"code": codes[inside], "share": 1.0})


def _naics_of(members: Sequence[str]) -> list[str]:
    """Six-digit NAICS codes of the members, without those that are NACE codes."""
    from ingest.levels import all_sectors, industry_of

    six = [str(code) for code in all_sectors("naics6")["sector"]]
    traded = industry_of(six)
    named = set(traded.loc[traded["industry"].isin(_named(members)), "naics"])
    return [code for code in six if code in named or any(industries.within(code, member) for member in members)]


def _of_nace(codes: pd.Series, scheme: str, members: Sequence[str]) -> pd.DataFrame:
    begun = [industries.nace_digits(m.removeprefix(NACE_MARK)) for m in members if m.startswith(NACE_MARK)]
    inside = codes.map(lambda code: scheme == "nace" and industries.nace_digits(code).startswith(tuple(begun)))
    return pd.DataFrame({"code": codes[inside.astype(bool)], "share": 1.0})


def _check_members(codes: pd.Series, scheme: str, groups: Groups) -> None:
    from ingest.levels import all_sectors, emerging_of_industry

    both = emerging_of_industry()
    names = {*all_sectors("industry")["sector"], *both["emerging"]}
    if scheme == "industry":
        names |= set(industries.panorama_name(codes))
    six = [] if scheme == "industry" else [str(code) for code in all_sectors("naics6")["sector"]]

    def known(member: str) -> bool:
        if member.startswith(NACE_MARK):
            return scheme == "nace" and member.removeprefix(NACE_MARK)[:1].isalnum()
        spelt = str(industries.panorama_name(pd.Series([member]))[0])
        return spelt in names or any(industries.within(code, member) for code in six)

    expected = "the name of an industry" + ("" if scheme == "industry" else ", or a NAICS 2017 code")
    expected += " or nace: and a NACE code" if scheme == "nace" else ""
    faults = [
        Fault("groups", None, member, f"{expected}, in {name!r}", "correct the member, or take it out")
        for name, members in sorted(groups.items())
        for member in members
        if not known(member)
    ]
    if faults:
        raise BadInput(faults)
