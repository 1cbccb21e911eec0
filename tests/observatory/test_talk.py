"""Talk on stderr: lines in a file, one changing line on a terminal."""

from __future__ import annotations

import io
from contextlib import redirect_stderr

from observatory.talk import Talk


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_progress_takes_the_place_of_progress_and_what_is_said_stays(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    with redirect_stderr(Terminal()) as terminal:
        talk = Talk()
        talk.progress("one")
        talk.progress("a line that is far too long")
        talk.say("done")
        talk.clear()
    assert terminal.getvalue() == "one\r\x1b[2Ka line that is far…\r\x1b[2Kdone\n"


def test_quiet_leaves_faults_to_be_said():
    with redirect_stderr(Terminal()) as terminal:
        talk = Talk(quiet=True)
        talk.progress("one")
        talk.say("fault")
    assert terminal.getvalue() == "fault\n"


def test_in_a_file_each_stage_has_its_line(capsys):
    talk = Talk()
    talk.progress("one")
    talk.progress("two")
    assert capsys.readouterr() == ("", "one\ntwo\n")
