"""Records → weighted sector and region networks per period, their strength and change."""

from linkages.build import build_network
from linkages.change import change
from linkages.network import Network
from linkages.periods import Period
from linkages.strength import backbone, strength

__all__ = ["Network", "Period", "backbone", "build_network", "change", "strength"]
