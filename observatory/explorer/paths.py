"""Names in paths: whatever a sector, region or space is called, its resource has a harmless name."""

from __future__ import annotations

import hashlib
import re

#: What stays as it is: no name begins or ends with a dot, none is long enough to trouble a file system.
PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_-])?")
#: Names that Windows keeps for devices, whatever their ending.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
#: Characters of a name that are kept where some of it must go.
KEPT = 40


def safe(name: str) -> str:
    """Give the part of a path that stands for a name: the name itself where it can, else what it can and a digest.

    The answer needs no percent-encoding in an address, is a file's name on any system, and differs for
    different names.

    Parameters
    ----------
    name
        A code, a label or an id, of any characters.

    Examples
    --------
    >>> safe("DE21"), safe("sector__all__2007-2014")
    ('DE21', 'sector__all__2007-2014')
    >>> safe("../../etc")
    'etc~74ccf3c5'
    >>> safe("<script>alert(1)</script>").partition("~")[0]
    'script-alert-1-script'
    """
    if PLAIN.fullmatch(name) and ".." not in name and not DEVICES.fullmatch(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    kept = re.sub(r"[^A-Za-z0-9]+", "-", name)[:KEPT].strip("-")
    return f"{kept}~{digest}"
