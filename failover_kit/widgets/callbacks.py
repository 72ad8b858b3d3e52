"""Runs what a learner hooked to a control, and keeps what would otherwise vanish.

    callback, arguments  ->  notice_from  ->  {"title", "text", "details"} for the widget to show, or {}

A notebook throws away what a control's callback prints, and the error it raises. Callbacks may also run in a thread of
their own (JupyterLab sends widget messages to a subshell), so the prints of one thread are kept apart from the others'.
"""

from __future__ import annotations

import io
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import FailoverKitError


class _Stdout:
    """Stands in for `sys.stdout` while callbacks run: takes what their threads print, passes on the rest."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: dict[int, list[io.StringIO]] = {}     # thread -> its open captures, innermost last
        self.real = sys.stdout                           # the stream that was there before

    def write(self, text: str) -> int:
        captures = self.kept.get(threading.get_ident())
        return (captures[-1] if captures else self.real).write(text)

    def __getattr__(self, name: str):
        return getattr(self.real, name)

    @contextmanager
    def capture(self) -> Iterator[io.StringIO]:
        thread, text = threading.get_ident(), io.StringIO()
        with self.lock:
            if not self.kept:
                self.real, sys.stdout = sys.stdout, self
            self.kept.setdefault(thread, []).append(text)
        try:
            yield text
        finally:
            with self.lock:
                self.kept[thread].pop()
                if not self.kept[thread]:
                    del self.kept[thread]
                if not self.kept and sys.stdout is self:
                    sys.stdout = self.real


_stdout = _Stdout()


def notice_from(callback: Callable, *arguments: object) -> dict[str, str]:
    """Call it. {} when all is well and nothing was printed; else what to show, in plain words.

    A failure's `details` hold the traceback. `title` is "" for mere prints.
    """
    with _stdout.capture() as printed:
        try:
            callback(*arguments)
            notice = {}
        except Exception as error:      # nothing above us would show it: the widget does
            notice = failure(error)
    said = printed.getvalue().strip()
    if not said:
        return notice
    text = f"{notice['text']}\nBefore that, it printed: {said}" if notice else said
    return {"title": "", "details": "", **notice, "text": text}


def failure(error: BaseException) -> dict[str, str]:
    """An error as title, text and details."""
    text = str(error) if isinstance(error, FailoverKitError) else f"{type(error).__name__}: {error}"
    return {"title": "This did not work.", "text": text, "details": "".join(traceback.format_exception(error))}
