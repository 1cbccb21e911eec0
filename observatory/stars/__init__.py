"""Cluster star scores: computed from a regional table, or as published."""

from observatory.stars.beside import summary, tiers_of
from observatory.stars.published import (
    published_contradictions,
    published_counts,
    published_tiers,
    published_top_regions,
)
from observatory.stars.read import read_figures, read_table
from observatory.stars.results import star_results
from observatory.stars.scores import star_scores
from observatory.stars.tiers import TIERS

__all__ = [
    "TIERS",
    "published_contradictions",
    "published_counts",
    "published_tiers",
    "published_top_regions",
    "read_figures",
    "read_table",
    "star_results",
    "star_scores",
    "summary",
    "tiers_of",
]
