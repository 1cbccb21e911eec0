"""The commands that show a run: the explorer on this machine, and as plain files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from observatory.printing import talk, write, write_json

if TYPE_CHECKING:
    import socket

#: Where the explorer is asked for unless told otherwise.
HOST, PORT = "127.0.0.1", 8642
RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="a run folder")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="no progress on stderr")]


def explore(
    run: RunPath,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="0: any that is free")] = PORT,
    host: Annotated[
        str,
        typer.Option("--host", metavar="NAME", help="let other machines in: 0.0.0.0, or a name of this one"),
    ] = HOST,
    study: Annotated[
        Path | None, typer.Option("--study", metavar="STUDY", help="whose doubtful matches can be reviewed")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show a run in the browser, with its API, until interrupted."""
    talk.quiet = quiet
    from observatory.explorer.guard import is_loopback
    from observatory.store import open_run

    opened = open_run(run)
    listening = bound(host, port)
    try:
        talk.progress("opening the run")
        from observatory.explorer.reviewed import review_of
        from observatory.explorer.server import application, guarded

        review = review_of(opened, study)
        serving = application(opened, review)
        serving.state.shelf.prepare()
        app = guarded(serving, host)
        talk.clear()
        address = f"http://{_written(host)}:{listening.getsockname()[1]}/"
        more = f"{address}#/review?token={review.token}" if review else None
        if json:
            write_json({"address": address, "api": f"{address}api/v1/openapi.json", "review": more, "run": str(run)})
        else:
            write(address + (f"\nreview of doubtful matches: {more}" if more else ""))
        sys.stdout.flush()
        if not is_loopback(host):
            talk.say(f"others on the network can read this run, its records too, at port {listening.getsockname()[1]}")
        if not quiet:
            talk.say("stop with Ctrl-C")
        with serving.state.shelf.filling():
            serve(app, listening)
    finally:
        listening.close()


def bound(host: str, port: int) -> socket.socket:
    """Take hold of a port.

    Raises
    ------
    BadInput
        When another program has it, or the host is none of this machine's.
    """
    import socket

    from ingest.faults import BadInput, Fault

    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        fault = Fault("--host", None, host, "a name or address of this machine", "leave --host out, or correct it")
        raise BadInput(fault) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(512)
    except OSError as error:
        listening.close()
        expected = f"a port of {host} that is free ({error.strerror or 'it cannot be had'})"
        mend = "end the program that has it, or choose another with --port; --port 0 takes any"
        raise BadInput(Fault("--port", None, str(port), expected, mend)) from error
    return listening


def serve(app: object, listening: socket.socket) -> None:
    """Serve until interrupted."""
    import uvicorn

    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", server_header=False)  # type: ignore[arg-type]
    uvicorn.Server(config).run(sockets=[listening])


def _written(host: str) -> str:
    """Write a host as an address does; one that stands for all of this machine's by its loopback.

    Examples
    --------
    >>> _written("0.0.0.0"), _written("::1")
    ('127.0.0.1', '[::1]')
    """
    if host in ("0.0.0.0", "::", ""):
        return HOST
    return f"[{host}]" if ":" in host else host


def site(
    run: RunPath,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a folder to write the site in")],
    links: Annotated[
        int, typer.Option("--links", min=0, metavar="N", help="links of each network whose events the site tells")
    ] = 200,
    records: Annotated[bool, typer.Option("--records", help="with the records of all events to download")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the explorer of a run as plain files, for any web server or for opening from disk."""
    talk.quiet = quiet
    from observatory.store import open_run, refuse_taken

    opened = open_run(run)
    refuse_taken(folder, "site")
    from observatory.explorer.site import write_site

    page = write_site(opened, folder, heaviest=links, records=records, say=talk.progress)
    talk.clear()
    if json:
        write_json({"site": str(folder), "page": str(page)})
    else:
        write(str(page))
