"""The nouns of replicated data: what users wrote, and what they got to read.

    key + value + when + where + under which epoch  ->  Write, with a name that is the same in every store

After this: store.py keeps writes in a file, replication.py ships them, report.py compares what two sites hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Write:
    """One acknowledged write. Equal wherever it is stored: `position` and `stored_at` do not count."""

    key: str
    value: str
    written_at: float                # when its origin acknowledged it, seconds
    epoch: int                       # the promotion under which it was made
    origin: str                      # the site that took it from the user
    sequence: int                    # 1 for the first write of that site, then 2, 3 ...
    writer: str = ""                 # the user
    request: str = ""                # what the user meant: a retry carries the same request
    position: int = field(default=0, compare=False)         # where it stands in the log of the store at hand
    stored_at: float = field(default=0.0, compare=False)    # when that store got it, seconds

    @property
    def id(self) -> str:
        return f"{self.origin}/{self.epoch}.{self.sequence}"

    def __str__(self) -> str:
        return f"{self.key}={self.value} (at {self.written_at:g} s in {self.origin}, epoch {self.epoch})"


@dataclass(frozen=True)
class Read:
    """What one user got to see: the value, and when that value had been written."""

    key: str
    value: str | None                # None: this site has no such key
    written_at: float                # seconds; -inf: this site has no such key
    at: float                        # when the user looked, seconds
    site: str
