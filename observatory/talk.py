"""Talk on stderr: a line a stage in a file, one line that changes on a terminal."""

from __future__ import annotations

import shutil
import sys


class Talk:
    r"""Say how far the work is, and what went wrong, without ever touching stdout.

    Examples
    --------
    >>> import contextlib, io
    >>> with contextlib.redirect_stderr(io.StringIO()) as said:
    ...     talk = Talk()
    ...     talk.progress("reading, 1 of 2: deals")
    ...     talk.say("done")
    >>> said.getvalue()
    'reading, 1 of 2: deals\ndone\n'
    """

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self._open = False

    def progress(self, text: str) -> None:
        """Say what is being done; on a terminal it takes the place of what was said before."""
        if self.quiet:
            return
        if not sys.stderr.isatty():
            self.say(text)
            return
        self.clear()
        width = shutil.get_terminal_size().columns
        sys.stderr.write(text if len(text) < width else text[: width - 2] + "…")
        sys.stderr.flush()
        self._open = True

    def say(self, text: str) -> None:
        """Say something that stays."""
        self.clear()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line of progress away."""
        if self._open:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
        self._open = False
