"""The program's beginning: `linkages`, or `python -m observatory`."""

from __future__ import annotations

import sys

from observatory.interruption import INTERRUPTED, SAID, interruption


def main() -> None:
    """Listen for Ctrl-C before the command line is imported, which takes half a second, then run it."""
    interruption.listen()
    try:
        from observatory.cli import main as command_line

        command_line()
    except SystemExit:
        raise
    except BaseException:
        if not interruption.asked:
            raise
        sys.stderr.write(f"{SAID}\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
