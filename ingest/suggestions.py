"""Which NAICS codes a free label may mean: titles ranked by likeness."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import pandas as pd

from ingest import concordance


def suggest(label: str, n: int = 5) -> pd.DataFrame:
    """The NAICS 2017 codes whose titles are nearest to a label, to help a person fill a map of labels.

    Returns
    -------
    pandas.DataFrame
        ``naics``, ``title``, ``score`` (0 to 100: the likeness of the nearest words), best first; on a tie the
        title that is nearer as a whole, then the smallest code. Of several codes with one title, the shortest.

    Examples
    --------
    >>> suggest("software publisher", n=1)[["naics", "title"]].to_dict("records")
    [{'naics': '5112', 'title': 'Software publishers'}]
    """
    from rapidfuzz import fuzz, utils

    asked = utils.default_process(label)
    rows = [
        (-round(fuzz.partial_token_set_ratio(asked, plain), 1), -fuzz.ratio(asked, plain), code, title)
        for title, code in _codes_by_title().items()
        if (plain := utils.default_process(re.sub(r"\(except.*?\)", "", title)))
    ]
    best = sorted(rows)[:n]
    return pd.DataFrame(
        {
            "naics": [code for *_, code, _ in best],
            "title": [title for *_, title in best],
            "score": [-score for score, *_ in best],
        }
    )


@cache
def _codes_by_title() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, title in sorted(concordance.naics_titles().items()):
        found.setdefault(title, code)
    return found
