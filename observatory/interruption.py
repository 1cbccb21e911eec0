"""Whether the user has asked the program to end, which libraries tell in words of their own."""

from __future__ import annotations

import signal
from typing import NoReturn

#: The exit code of a program that SIGINT ended, 128 and the signal's number; and what is said.
INTERRUPTED, SAID = 130, "interrupted; nothing was changed"


class Interruption:
    """Note that an interruption was asked for, and raise KeyboardInterrupt as Python does.

    A query that is cut short says so as KeyboardInterrupt, `InterruptException`, `RuntimeError` or an error of
    Arrow's, as it is fetched whole or in blocks: what was asked for tells more than what came of it.

    Examples
    --------
    >>> interruption = Interruption()
    >>> try:
    ...     interruption.note()
    ... except KeyboardInterrupt:
    ...     interruption.asked
    True
    """

    def __init__(self) -> None:
        self.asked = False

    def note(self, *_: object) -> NoReturn:
        """Handle a signal: note it and raise KeyboardInterrupt."""
        self.asked = True
        raise KeyboardInterrupt

    def listen(self) -> None:
        """Take Ctrl-C, and whoever ends the program politely, for an interruption: what it has on disk goes with it."""
        signal.signal(signal.SIGINT, self.note)
        signal.signal(signal.SIGTERM, self.note)


interruption = Interruption()
