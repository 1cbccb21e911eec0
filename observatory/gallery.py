"""Every figure of a run, as the report, the explorer and the files show it."""

from __future__ import annotations

from observatory.material import Material
from observatory.report.pictures import Picture


def gallery(material: Material) -> dict[str, Picture]:
    """Gather the report's figures.

    Parameters
    ----------
    material
        The run.

    Returns
    -------
    dict
        Name → figure, in the report's order. None is drawn before it is asked for.
    """
    from observatory.report.document import gather

    parts = [part for part in gather(material).values() if isinstance(part, dict)]
    return {one.name: one for part in parts for one in part.get("pictures", [])}
