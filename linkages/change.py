"""How each link changed between two periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkages.strength import benjamini_hochberg

if TYPE_CHECKING:  # the package gives these functions under the names of their files: it cannot import them later
    import pandas as pd

    from linkages.network import Network
    from linkages.strength import Floats

#: The normal distribution's 97.5 % point: 95 % lie between this and its negative.
NORMAL = 1.959963984540054
CLASSES = ("emerging", "growing", "steady", "declining", "vanished")


def change(first: Network, second: Network, alpha: float = 0.05) -> pd.DataFrame:
    """Compare the links of two periods, given how many events each period has.

    With n₁, n₂ the events of a link and N₁, N₂ all events, the log odds ratio is
    ln[(n₂+½)(N₁-n₁+½) / ((n₁+½)(N₂-n₂+½))], which Haldane's half keeps finite. The events are whole: the interval is
    of so many observations, so that the events of a year that counts half in each period (``shared_year="half"``)
    are all in n and N of both, as with ``"both"``, although they add half to the weights.

    Parameters
    ----------
    first, second
        Networks of one level, source, counting and unit. Where neither says how many events it has, N is the sum
        over its links.
    alpha
        False discovery rate below which a link counts as growing or declining.

    Returns
    -------
    DataFrame
        ``source, target, n1, n2, log_odds, low, high, p, q, class``: the interval is of 95 %, p two-sided,
        q after Benjamini and Hochberg; class is emerging (none before), growing, steady, declining or
        vanished. One row for each link of either period, sorted.

    Raises
    ------
    ValueError
        When the networks differ in level, source, counting or unit, or in the level at which events of regions are
        cross-sectoral; when links of either have weights but no events, for what a chance is reckoned from is events;
        when one says how many events it has and the other does not, and when that is fewer than a link has.

    Examples
    --------
    >>> import pandas as pd
    >>> from linkages import Network
    >>> one = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [3.0], "events": [3]})
    >>> two = pd.DataFrame({"source": ["a"], "target": ["c"], "weight": [2.0], "events": [2]})
    >>> table = change(Network.from_pandas(one, period=(2000, 2007)), Network.from_pandas(two, period=(2007, 2014)))
    >>> table[["source", "target", "n1", "n2", "class"]].values.tolist()
    [['a', 'b', 3, 0, 'vanished'], ['a', 'c', 0, 2, 'emerging']]

    References
    ----------
    Haldane (1956), Annals of Human Genetics 20; Woolf's standard error of the log odds ratio.
    """
    import pandas as pd

    _check(first, second)
    keys = ["source", "target"]
    # As objects: pandas cannot merge texts of no row.
    left, right = (network.links[[*keys, "events"]].astype(dict.fromkeys(keys, object)) for network in (first, second))
    both = pd.merge(left, right, on=keys, how="outer").sort_values(keys, ignore_index=True)
    both[keys] = both[keys].astype(first.links["source"].dtype)
    n1 = both["events_x"].fillna(0).to_numpy(float)
    n2 = both["events_y"].fillna(0).to_numpy(float)
    found = log_odds(n1, n2, float(first.events or n1.sum()), float(second.events or n2.sum()), alpha=alpha)
    return pd.concat([both[keys].assign(n1=n1.astype("int64"), n2=n2.astype("int64")), found], axis=1)


def _check(first: Network, second: Network) -> None:
    """Refuse networks that count different things, and numbers of events that cannot be."""
    for name in ("level", "source", "counting", "unit"):
        if getattr(first, name) != getattr(second, name):
            raise ValueError(f"networks must agree in {name}: {getattr(first, name)!r} and {getattr(second, name)!r}")
    across = [network.settings.get("sector_level") for network in (first, second)]
    if None not in across and across[0] != across[1]:  # a network made of a table does not know
        raise ValueError(f"networks must agree in sector_level: {across[0]!r} and {across[1]!r}")
    for network in (first, second):
        events = network.links["events"]
        if len(events) and not events.any():
            raise ValueError(f"the links of {network.period} have no events: give them in a column events")
        if network.events and len(events) and network.events < events.max():
            counted = f"{network.events} events, fewer than the {events.max()} of one of its links"
            raise ValueError(f"the network of {network.period} says that it has {counted}")
    known = [network for network in (first, second) if network.events]
    unknown = [network for network in (first, second) if not network.events and _holds_events(network)]
    if known and unknown:
        mend = "give it as events= to Network.from_pandas"
        raise ValueError(f"how many events {unknown[0].period} has is not known, of {known[0].period} it is: {mend}")


def _holds_events(network: Network) -> bool:
    """Tell whether a network has events, between its nodes or within them, however many it says that it has."""
    return bool(network.links["events"].any() or network.nodes["within_events"].any())


def log_odds(n1: Floats, n2: Floats, total1: float, total2: float, *, alpha: float = 0.05) -> pd.DataFrame:
    """Compare counts of two periods as parts of their totals.

    Parameters
    ----------
    n1, n2
        Counts, one a row.
    total1, total2
        All events of each period.

    Returns
    -------
    DataFrame
        ``log_odds, low, high, p, q, class`` as in :func:`change`.

    Examples
    --------
    >>> import numpy as np
    >>> table = log_odds(np.array([10.0, 0.0]), np.array([60.0, 4.0]), 100.0, 100.0)
    >>> table["log_odds"].round(3).tolist(), table["class"].tolist()
    ([2.555, 2.238], ['growing', 'emerging'])
    """
    import numpy as np
    import pandas as pd

    cells = (n2 + 0.5, total1 - n1 + 0.5, n1 + 0.5, total2 - n2 + 0.5)
    # One quotient: equal counts of equal totals give exactly 0, which four logarithms miss, and areas rank by it.
    odds = np.log(cells[0] * cells[1] / (cells[2] * cells[3]))
    error = np.sqrt(sum(1.0 / cell for cell in cells))
    p = _two_sided(odds / error)
    q = benjamini_hochberg(p)
    conditions = [n1 == 0, n2 == 0, (q < alpha) & (odds > 0), (q < alpha) & (odds < 0)]
    return pd.DataFrame(
        {
            "log_odds": odds,
            "low": odds - NORMAL * error,
            "high": odds + NORMAL * error,
            "p": p,
            "q": q,
            "class": np.select(conditions, ["emerging", "vanished", "growing", "declining"], "steady"),
        }
    )


def _two_sided(z: Floats) -> Floats:
    import numpy as np
    from scipy.special import ndtr

    return np.asarray(2.0 * ndtr(-np.abs(z)), dtype=float)
