"""Records → weighted sector and region networks per period, their strength and change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.later import later
from linkages.change import change
from linkages.periods import Period
from linkages.strength import backbone, strength

if TYPE_CHECKING:
    from linkages.build import build_network
    from linkages.network import Network

__all__ = ["Network", "Period", "backbone", "build_network", "change", "strength"]

# Imported when first asked for: a question to a run's files need not wait for pandas. Not `change` and `strength`:
# once their files are imported the package has those under these names.
__getattr__ = later(__name__, {"Network": "linkages.network", "build_network": "linkages.build"})
