"""How strong a link is against what the sizes of its ends would lead one to expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the package gives these functions under the names of their files: it cannot import them later
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

#: Events from which a tie is strong (European Cluster Trends, methodology 2014, 3.2.1: 3,000 patents).
STRONG = 3000.0
#: Columns that :func:`strength` adds to a table of links.
STRENGTH = ("expected", "association", "p", "q", "noise_corrected", "noise_corrected_sd", "disparity_p")

#: Those of them that rest on a number of independent draws.
OF_EVENTS = ("p", "q", "noise_corrected", "noise_corrected_sd")


def strength(links: pd.DataFrame) -> pd.DataFrame:
    """Add expected weight, association strength, significance and backbone scores to undirected links.

    Parameters
    ----------
    links
        ``source, target, weight``: each unordered pair once, no diagonal, weights > 0.

    Returns
    -------
    DataFrame
        The same rows with

        - ``expected`` e = k_i k_j / 2m, in the unit of the weights;
        - ``association`` w / e: the probabilistic affinity or association strength;
        - ``p``: probability of at least this weight when m draws fall on the pair with probability
          2 k_i k_j / (2m)² (binomial, one-sided, continued to fractional weights by the beta function);
        - ``q``: p after Benjamini and Hochberg;
        - ``noise_corrected``, ``noise_corrected_sd``: symmetric score in (-1, 1) and its standard deviation;
        - ``disparity_p``: the smaller of the two ends' disparity filter probabilities.

    Examples
    --------
    >>> import pandas as pd
    >>> triangle = pd.DataFrame({"source": ["a", "a", "b"], "target": ["b", "c", "c"], "weight": [2.0, 1, 1]})
    >>> strength(triangle)[["source", "target", "expected", "association"]].round(3).values.tolist()
    [['a', 'b', 1.125, 1.778], ['a', 'c', 0.75, 1.333], ['b', 'c', 0.75, 1.333]]

    References
    ----------
    van Eck & Waltman (2009), JASIST 60, eq. 6 (association strength, here times 2m); Coscia & Neffke
    (2017), ICDE, eq. 4-9 (noise-corrected score); Serrano, Boguñá & Vespignani (2009), PNAS 106, eq. 2
    (disparity filter); Benjamini & Hochberg (1995).
    """
    import numpy as np
    import pandas as pd

    table = links.copy()
    if table.empty:
        return table.assign(**{column: pd.Series(dtype=float) for column in STRENGTH})
    w = table["weight"].to_numpy(float)
    k_source, k_target, degree_source, degree_target = _ends(table)
    total = 2.0 * w.sum()
    expected = k_source * k_target / total
    table["expected"] = expected
    table["association"] = w / expected
    table["p"] = _at_least(w, total / 2.0, np.minimum(1.0, 2.0 * k_source * k_target / total**2))
    table["q"] = benjamini_hochberg(table["p"].to_numpy(float))
    score, deviation = _noise_corrected(w, k_source, k_target, total)
    table["noise_corrected"] = score
    table["noise_corrected_sd"] = deviation
    table["disparity_p"] = np.minimum(_disparity(w, k_source, degree_source), _disparity(w, k_target, degree_target))
    return table


def backbone(links: pd.DataFrame, method: str = "noise_corrected", threshold: float | None = None) -> pd.DataFrame:
    """View the links that stand out; the network itself keeps them all.

    Parameters
    ----------
    links
        What :func:`strength` returns, with a column ``events`` where the weights are no counts.
    method
        ``noise_corrected``: score above `threshold` standard deviations (1.64); ``disparity``: probability
        below `threshold` (0.05); ``strong``: at least `threshold` events (3,000, the strong ties of
        European Cluster Trends, methodology 2014, 3.2.1), or such a weight where weights are the counts and no link
        has a number of events;
        ``association``: a_ij above `threshold` (1).

    Raises
    ------
    ValueError
        For any other method.

    Examples
    --------
    >>> import pandas as pd
    >>> table = strength(pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [4000.0, 5]}))
    >>> backbone(table, "strong")[["source", "target"]].values.tolist()
    [['a', 'b']]
    """
    defaults = {"noise_corrected": 1.64, "disparity": 0.05, "strong": STRONG, "association": 1.0}
    if method not in defaults:
        raise ValueError(f"a backbone is one of {', '.join(defaults)}; got {method!r}")
    limit = defaults[method] if threshold is None else threshold
    if method == "noise_corrected":
        return links[links["noise_corrected"] > limit * links["noise_corrected_sd"]]
    if method == "disparity":
        return links[links["disparity_p"] < limit]
    if method == "association":
        return links[links["association"] > limit]
    # An event counted in parts, or by its value, is an event all the same.
    counted = "events" in links and links["events"].any()
    enough = links["events" if counted else "weight"] >= limit
    return links[enough & links["p"].notna()]  # empty of money whose events are not known


def benjamini_hochberg(p: Floats) -> Floats:
    """Turn probabilities into false discovery rates, in the order given.

    The same as ``scipy.stats.false_discovery_control``, whose package takes longer to import than all networks of a
    small study to count.

    Examples
    --------
    >>> import numpy as np
    >>> [float(q) for q in benjamini_hochberg(np.array([0.01, 0.5, 0.02])).round(3)]
    [0.03, 0.5, 0.03]

    References
    ----------
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, eq. 1.
    """
    import numpy as np

    order = np.argsort(p)
    raised = np.clip(p[order], 0.0, 1.0) * (p.size / np.arange(1, p.size + 1))
    rates = np.empty_like(raised)
    # No rate is above that of a larger probability.
    rates[order] = np.minimum.accumulate(raised[::-1])[::-1]
    return np.clip(rates, 0.0, 1.0)


def _ends(table: pd.DataFrame) -> tuple[Floats, Floats, Floats, Floats]:
    """Give strength and degree of both ends of each link."""
    import pandas as pd

    ends = pd.concat(
        [
            table[["source", "weight"]].set_axis(["node", "weight"], axis=1),
            table[["target", "weight"]].set_axis(["node", "weight"], axis=1),
        ]
    )
    # Sorting by weight makes the sum the same whatever the order of the rows.
    nodes = ends.sort_values(["node", "weight"]).groupby("node")["weight"].agg(["sum", "size"])
    source, target = nodes.loc[table["source"]], nodes.loc[table["target"]]
    columns = (source["sum"], target["sum"], source["size"], target["size"])
    a, b, c, d = (column.to_numpy(float) for column in columns)
    return a, b, c, d


def _at_least(w: Floats, draws: float, probability: Floats) -> Floats:
    """P(X ≥ w) for X binomial, by the regularised incomplete beta function I_p(w, N - w + 1)."""
    import numpy as np
    from scipy.special import betainc

    return np.asarray(betainc(np.maximum(w, 1e-12), np.maximum(draws - w + 1.0, 1e-12), probability), dtype=float)


def _disparity(w: Floats, k: Floats, degree: Floats) -> Floats:
    """Probability that a uniform split of k over `degree` links gives one at least w; 1 for a lone link."""
    import numpy as np

    share = np.clip(1.0 - w / k, 0.0, 1.0)
    return np.where(degree > 1, share ** np.maximum(degree - 1.0, 1.0), 1.0)


def _noise_corrected(w: Floats, k_i: Floats, k_j: Floats, total: float) -> tuple[Floats, Floats]:
    """Score (κw - 1)/(κw + 1) with the variance of a beta posterior, κ = 2m / k_i k_j."""
    import numpy as np

    if total <= 1.0:  # fewer than two draws have no variance
        return np.zeros_like(w), np.full_like(w, np.inf)
    kappa = total / (k_i * k_j)
    lift = kappa * w
    mean = k_i * k_j / total**2
    variance = k_i * k_j * (total - k_i) * (total - k_j) / (total**4 * (total - 1.0))
    variance = np.maximum(variance, np.finfo(float).tiny)
    alpha = mean**2 / variance * (1.0 - mean) - mean + w
    beta = mean / variance * (1.0 - mean**2) - (1.0 - mean) + total - w
    posterior = np.clip(alpha / (alpha + beta), 0.0, 1.0)
    d = 1.0 / (k_i * k_j) - total * (k_i + k_j) / (k_i * k_j) ** 2
    slope = 2.0 * (kappa + w * d) / (lift + 1.0) ** 2
    deviation = np.sqrt(posterior * (1.0 - posterior) * total) * np.abs(slope)
    return (lift - 1.0) / (lift + 1.0), deviation
