"""A network → how many communities, which, how sure → collaboration spaces."""

from communities.infomap import how_many, infomap
from communities.leiden import leiden
from communities.numbers import numbers
from communities.partition import Partition
from communities.spinglass import spinglass

__all__ = ["Partition", "how_many", "infomap", "leiden", "numbers", "spinglass"]
