"""What is said where the console, or the file behind it, lacks a character: a plain one instead of an error.

    "████▓▓" on a console of 1990  ->  "####=="

On Windows, output that goes to a file or a pipe has the system's old encoding.
"""

from __future__ import annotations

import codecs
import sys

PLAIN = {"█": "#", "▓": "=", "▒": "-", "░": ".", "→": ">", "·": "*", "–": "-", "—": "-", "…": "..."}


def speak_plainly() -> None:
    """From now on what this program prints can always be printed. Input, and output that can show all, stay as they are."""
    codecs.register_error("failover-kit-plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):            # not where a test or a notebook has put something else there
            stream.reconfigure(errors="failover-kit-plain")


def _plain(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return "".join(PLAIN.get(character, "?") for character in fault.object[fault.start:fault.end]), fault.end
