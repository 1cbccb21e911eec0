"""A stream that is read no further ahead than its reader has use for."""

from __future__ import annotations

import threading
from typing import Any

#: Blocks that are on their way at most: Arrow would fetch 32 ahead, half a gigabyte of text.
_AHEAD = 3
#: Seconds after which the next block is read all the same: the reader may need it to go on at all.
_PATIENCE = 5.0


class Unhurried:
    """A stream of bytes from which a reader in a thread of its own takes blocks ahead, a few at a time.

    Parameters
    ----------
    stream
        What is read.
    ahead
        How many blocks are given before the first is done with.

    Examples
    --------
    >>> import io
    >>> calm = Unhurried(io.BytesIO(b"abcdef"), ahead=2)
    >>> calm.read(2), calm.read(2)
    (b'ab', b'cd')
    >>> calm.done()
    >>> calm.read(2)
    b'ef'
    """

    def __init__(self, stream: Any, ahead: int = _AHEAD) -> None:
        self._stream = stream
        self._room = threading.Semaphore(ahead)
        self._left = False

    def read(self, size: int = -1) -> bytes:
        """Read a block, once there is room for one; nothing more once the stream was closed."""
        if not self._left:
            self._room.acquire(timeout=_PATIENCE)
        if self._left:
            return b""
        block: bytes = self._stream.read(size)
        return block

    def done(self) -> None:
        """Make room for another block."""
        self._room.release()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def close(self) -> None:
        """Leave the stream to whoever opened it: who waits for room need not wait any longer, and gets nothing."""
        self._left = True
        self._room.release()

    @property
    def closed(self) -> bool:
        """Tell whether the stream was closed."""
        return bool(self._stream.closed)
