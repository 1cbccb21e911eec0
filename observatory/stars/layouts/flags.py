"""A publisher's figure and its flag: what stands in a cell, and what the letters mean."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ingest.values import parse_number
from observatory.stars.check import BLANK

#: Eurostat's observation flags and the mark of confidentiality, as its code lists name them.
EUROSTAT: Mapping[str, str] = {
    "b": "break in the series",
    "c": "confidential",
    "d": "definition differs",
    "e": "estimated",
    "f": "forecast",
    "i": "see the publisher's note",
    "k": "confidential, another cell gives it away",
    "n": "not significant",
    "p": "provisional",
    "r": "revised",
    "s": "estimated by Eurostat",
    "u": "low reliability",
    "z": "not applicable",
}
#: The noise and disclosure flags of County Business Patterns.
CENSUS: Mapping[str, str] = {
    "D": "withheld, to disclose no company",
    "G": "noise of less than 2 %",
    "H": "noise of 2 to 5 %",
    "J": "noise of 5 % or more",
    "N": "not available",
    "S": "withheld, below the standards of publication",
}
#: Flags of cells that are suppressed: a figure exists and is not shown.
SUPPRESSED = frozenset("ckDS")


def meaning(flag: str) -> str:
    """Say what a flag of one or more letters means.

    Examples
    --------
    >>> meaning("bd"), meaning("D"), meaning("A")
    ('break in the series; definition differs', 'withheld, to disclose no company', 'flag A')
    """
    known = {**EUROSTAT, **CENSUS}
    return "; ".join(known.get(letter, f"flag {letter}") for letter in flag if not letter.isspace())


def split(text: str) -> tuple[str, str]:
    """Cut a cell of Eurostat into figure and flags.

    Examples
    --------
    >>> split("219 d"), split(": c"), split(" d"), split("12.5"), split(":@C"), split("12:00 AM")
    (('219', 'd'), (':', 'c'), ('', 'd'), ('12.5', ''), (':', 'c'), ('12:00 AM', ''))
    """
    plain = text.strip()
    figure, sign, status = plain.partition("@")
    if sign:
        figure, flag = split(figure)
        return figure, "".join(dict.fromkeys(flag + status.strip().lower()))
    start, _, last = plain.rpartition(" ")
    if last and set(last) <= set(EUROSTAT):
        return start.strip(), last
    if plain.startswith(":") and plain[1:] and set(plain[1:]) <= set(EUROSTAT):
        return ":", plain[1:]
    return plain, ""


def figures(cells: pd.Series) -> pd.DataFrame:
    """Turn cells of text into numbers and flags, each different text once.

    Returns
    -------
    pandas.DataFrame
        ``value`` (NaN where there is no figure), ``flag``, ``odd`` (True where something stands that is
        neither), with the index of ``cells``.

    Examples
    --------
    >>> figures(pd.Series(["219 d", ": c", "12:00 AM", "many"])).values.tolist()
    [[219.0, 'd', False], [nan, 'c', False], [0.0, '', False], [nan, '', True]]
    """
    codes, texts = pd.factorize(cells)
    answers = [_figure(str(text)) for text in texts]
    known = pd.DataFrame(answers, columns=["value", "flag", "odd"]).astype(
        {"value": "float64", "flag": "str", "odd": "bool"}
    )
    return known.take(codes).set_axis(cells.index)


def _figure(text: str) -> tuple[float, str, bool]:
    figure, flag = split(text)
    if figure.lower() in BLANK:
        return float("nan"), flag, False
    value = parse_number(figure)
    return (float("nan"), flag, True) if value is None else (value, flag, False)
