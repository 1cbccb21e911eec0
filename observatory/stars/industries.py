"""From a table in NACE or NAICS codes, or in names, to the 51 industries or the ten emerging ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pandas as pd

from ingest.faults import BadInput, Fault

INDUSTRY = ("nace", "naics", "sic", "industry")
#: The row of a region that holds the employment of all its industries.
TOTAL = "total"
#: Figures that are added up where several codes fall in one industry.
SUMS = ("employment", "wages", "paid", "paid_wages", "firms", "high_growth_smes", "frontier_firms")
#: The US Cluster Mapping Project's names where they differ from the Panorama's.
US_NAMES: Mapping[str, str] = {
    "Aerospace Vehicles and Defense": "Aerospace Vehicles and Defence",
    "Jewelry and Precious Metals": "Jewellery and Precious Metals",
    "Nonmetal Mining": "Non-metal Mining",
    "Trailers, Motor Homes, and Appliances": "Appliances",
}
_JOINED = {two: group for group in ("31-33", "44-45", "48-49") for two in group.split("-")} | {"32": "31-33"}
_SHAPE: Mapping[str, tuple[str, str]] = {
    "nace": (r"[A-U]?(\d{1,2}(\.\d{1,2})?|\d{2,4})", "a NACE Rev. 2 division, group or class"),
    "naics": (r"\d{2,6}|31-33|44-45|48-49", "a NAICS code of two to six digits"),
    "sic": (r"\d{2,4}", "a US SIC code of two to four digits"),
}


def panorama_name(names: pd.Series) -> pd.Series:
    """Turn the names of the 51 industries to the Panorama's spelling; other names stay as they are.

    Examples
    --------
    >>> panorama_name(pd.Series(["Nonmetal mining", "plastics", "Fashion"])).to_list()
    ['Non-metal Mining', 'Plastics', 'Fashion']
    """
    from observatory.stars.published import published_counts

    spelling = {name.casefold(): name for name in published_counts()["industry"]}
    spelling |= {name.casefold(): panorama for name, panorama in US_NAMES.items()}
    spoken = names.drop_duplicates()
    known = {name: spelling.get(" ".join(str(name).split()).casefold(), str(name)) for name in spoken}
    return names.map(known).astype("str")


def to_industries(
    cells: pd.DataFrame, industry: str, level: str, file: str = "table"
) -> tuple[pd.DataFrame, list[str]]:
    """Add the cells of a table up to the industries that are starred.

    Parameters
    ----------
    cells
        ``region, industry, year`` and the columns of :data:`SUMS`, without total rows.
    industry
        What the column industry holds: ``nace``, ``naics`` or ``industry`` (names).
    level
        ``industry``, or ``emerging`` for the ten emerging industries, which overlap: an industry that belongs
        to several counts in each.
    file
        The name of the table, for the messages.

    Returns
    -------
    tuple
        The same columns by industry, sorted; and sentences on what belongs to none. A figure is the sum over
        what is known, and missing where nothing is.

    Raises
    ------
    BadInput
        Codes that are not of the scheme; a code beside one of its own parts in the same region and year,
        which would count the same employment twice; one industry under two spellings.
    """
    notes: list[str] = []
    table = cells
    if industry != "industry":
        check_codes(table, industry, file)
        shares = industries_of_codes(table["industry"].drop_duplicates(), industry)
        table, said = shared_out(table, shares, "the 51 industries")
        notes += said
    else:
        table = table.assign(industry=panorama_name(table["industry"]))
        check_spellings(table, cells, file)
    if level == "emerging":
        table, said = shared_out(table, emerging_shares(), "the ten emerging industries")
        notes += said
    return table.sort_values(["region", "industry", "year"], ignore_index=True), notes


def industries_of_codes(codes: pd.Series, scheme: str) -> pd.DataFrame:
    """Return the share of each code that falls in each of the 51 industries.

    Parameters
    ----------
    codes
        Distinct codes as the table writes them.
    scheme
        ``nace`` (Rev. 2, carried through NAICS) or ``naics``.

    Returns
    -------
    pandas.DataFrame
        ``code, industry`` (one of the 51), ``share`` (0-1; the shares of a code sum to 1 where all of it is
        in the 51, to less where part of it is local).

    Examples
    --------
    >>> industries_of_codes(pd.Series(["336411"]), "naics").to_dict("records")
    [{'code': '336411', 'industry': 'Aerospace Vehicles and Defence', 'share': 1.0}]
    """
    from ingest.levels import industry_of

    links = to_six_digits(codes, scheme)
    named = links.merge(industry_of(sorted(set(links["naics"])))[["naics", "industry"]], on="naics")
    named = named.sort_values(["symbol", "industry", "naics"]).rename(columns={"symbol": "code"})
    return named.groupby(["code", "industry"])["share"].sum().reset_index()


def to_six_digits(codes: pd.Series, scheme: str) -> pd.DataFrame:
    """Return the share of each code that falls in each six-digit NAICS 2017 code.

    Returns
    -------
    pandas.DataFrame
        ``symbol`` (the code), ``naics`` (six digits), ``share`` (sums to 1 for each code that is known).

    Examples
    --------
    >>> to_six_digits(pd.Series(["33641"]), "naics")["naics"].to_list()[:2]
    ['336411', '336412']
    """
    from ingest.sectors import to_naics

    symbols = pd.DataFrame({"scheme": "nace2" if scheme == "nace" else scheme, "symbol": codes})
    links = to_naics(symbols.reset_index(drop=True), assign="weighted")[["symbol", "naics", "share"]]
    return _six_digits(links)


def _six_digits(links: pd.DataFrame) -> pd.DataFrame:
    """Spread shorter NAICS codes evenly over the six-digit ones below them."""
    from ingest.levels import all_sectors

    short = links[links["naics"].str.len() != 6]
    if short.empty:
        return links
    six = all_sectors("naics6")["sector"]
    below = [
        (code, naics)
        for code in sorted(set(short["naics"]))
        for naics in six[six.map(lambda naics, code=code: within(str(naics), code))]
    ]
    spread = short.merge(pd.DataFrame(below, columns=["naics", "six"], dtype="str"), on="naics")
    spread["share"] /= spread.groupby(["symbol", "naics"])["six"].transform("count")
    whole = links[links["naics"].str.len() == 6]
    return pd.concat([whole, spread.drop(columns="naics").rename(columns={"six": "naics"})])


def within(naics: str, code: str) -> bool:
    """Say whether a NAICS code is a code or one of its parts; manufacturing is 31-33 or one of its parts.

    Examples
    --------
    >>> within("336411", "3364"), within("336411", "31-33"), within("336411", "")
    (True, True, False)
    """
    return bool(code) and (naics.startswith(code) or _JOINED.get(naics[:2]) == code)


def emerging_shares() -> pd.DataFrame:
    """Return the emerging industries that each of the 51 belongs to: ``code`` (its name), ``industry, share`` (1).

    Examples
    --------
    >>> len(set(emerging_shares()["industry"]))
    10
    """
    from ingest.levels import emerging_of_industry

    table = emerging_of_industry()
    return pd.DataFrame({"code": table["industry"], "industry": table["emerging"], "share": 1.0})


def shared_out(table: pd.DataFrame, shares: pd.DataFrame, what: str) -> tuple[pd.DataFrame, list[str]]:
    """Multiply each row's figures by its shares and add them up by the industry that they fall in.

    Parameters
    ----------
    table
        ``region, industry, year`` and the columns of :data:`SUMS`.
    shares
        ``code, industry, share``.
    what
        What the industries are called, for the sentence on what falls in none.

    Returns
    -------
    tuple
        The same columns, sorted; a figure is the sum over what is known. And sentences.
    """
    by = ["region", "industry", "year"]
    joined = table.rename(columns={"industry": "code"}).merge(shares, on="code", how="inner")
    joined = joined.sort_values([*by, "code"])
    figures = joined[list(SUMS)].mul(joined["share"], axis=0)
    summed = pd.concat([joined[by], figures], axis=1).groupby(by)[list(SUMS)].sum(min_count=1)
    return summed.reset_index(), _outside(table, shares, what)


def _outside(table: pd.DataFrame, shares: pd.DataFrame, what: str) -> list[str]:
    inside = table["industry"].map(shares.groupby("code")["share"].sum().clip(upper=1.0)).fillna(0.0)
    alone = sorted(table.loc[inside == 0, "industry"].unique())
    employed = table["employment"].fillna(0.0)
    part = float((employed * inside).sum() / employed.sum()) if employed.sum() > 0 else 0.0
    if not alone and part > 1 - 1e-9:
        return []
    named = f"; outside them: {listed(alone)}" if alone else ""
    return [f"{part * 100:.1f} % of the table's employment falls in {what}{named}."]


def listed(names: list[str], most: int = 10) -> str:
    """Join names with commas, the first ten of them and the number of the others.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def check_codes(cells: pd.DataFrame, scheme: str, file: str) -> None:
    """Refuse codes that are not of the scheme, and a code beside one of its own parts, all at once.

    Raises
    ------
    BadInput
        Names each of them.
    """
    shape, expected = _SHAPE[scheme]
    codes = sorted(cells["industry"].unique())
    mend = f"correct the codes, or say what the column holds ({', '.join(INDUSTRY)})"
    odd = [code for code in codes if not re.fullmatch(shape, code)]
    if odd:
        raise BadInput(Fault(file, None, code, f"{expected}, or {TOTAL}", mend) for code in odd)
    _check_nested(cells, codes, {"nace": nace_digits, "naics": _naics_digits}.get(scheme, str), file)


def nace_digits(code: str) -> str:
    """Return a NACE code as its digits alone, two for the division.

    Examples
    --------
    >>> nace_digits("C10.11"), nace_digits("1"), nace_digits("011")
    ('1011', '01', '011')
    """
    division, _, rest = code.lstrip("ABCDEFGHIJKLMNOPQRSTU").partition(".")
    return division.zfill(2) + rest


def _naics_digits(code: str) -> str:
    group = _JOINED.get(code[:2])
    return code if group is None else f"{group}:" if code == group else f"{group}:{code}"


def _check_nested(cells: pd.DataFrame, codes: list[str], digits: Callable[[str], str], file: str) -> None:
    """Refuse a code that stands beside one of its own parts: the part would be counted twice."""
    whole = {code: digits(code) for code in codes}
    pairs = [
        (part, code)
        for part in codes
        for code in codes
        if part != code and whole[part].startswith(whole[code]) and (whole[part], part) > (whole[code], code)
    ]
    if not pairs:
        return
    here = cells[["region", "year", "industry"]]
    pair = pd.DataFrame(pairs, columns=["industry", "whole"], dtype="str")
    both = here.merge(pair, on="industry").merge(here.rename(columns={"industry": "whole"}))
    expected = "codes of which none is part of another in the same region and year"
    mend = "keep one level of the classification"
    said = both[["whole", "industry"]].drop_duplicates().sort_values(["whole", "industry"])
    faults = [Fault(file, None, f"{code} and {part}", expected, mend) for code, part in said.itertuples(index=False)]
    if faults:
        raise BadInput(faults)


def check_spellings(table: pd.DataFrame, cells: pd.DataFrame, file: str) -> None:
    """Refuse one industry under two spellings in a region and year.

    Raises
    ------
    BadInput
        Names the spellings.
    """
    twice = table.duplicated(["region", "industry", "year"], keep=False)
    said = sorted(cells.loc[twice, "industry"].unique())
    if said:
        expected = "one spelling of each industry in a region and year"
        raise BadInput(Fault(file, None, name, expected, "keep one of the rows, or add them") for name in said)
