"""How long each kind of cache keeps an answer. Sources are the facts C16 to C22."""

from math import inf

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.fleet import (
    NO_ANSWER,
    Behaviour,
    browser,
    for_ever,
    honest,
    maximum_ttl,
    minimum_ttl,
    pooled,
    serve_stale,
)
from failover_kit.fleet.behaviours import STALE_RETRY


@pytest.mark.parametrize(("behaviour", "ttl", "label", "seconds"), [
    (honest(), 60, "east", 60),
    (honest(), 0, "east", 0),
    (honest(), 900, NO_ANSWER, 900),
    (minimum_ttl(300), 60, "east", 300),
    (minimum_ttl(300), 600, "east", 600),
    (maximum_ttl(30), 60, "east", 30),
    (maximum_ttl(30), 5, "east", 5),
    (for_ever(), 60, "east", inf),
    (for_ever(), 900, NO_ANSWER, 10),                       # C20: networkaddress.cache.negative.ttl
    (serve_stale(), 60, "east", 60),                        # C19: no different while the authority answers
    (browser(60, over=minimum_ttl(300)), 60, "east", 300),  # of the resolver below
], ids=lambda value: value.name if isinstance(value, Behaviour) else str(value))
def test_kept_for(behaviour, ttl, label, seconds):
    assert behaviour.keeps(ttl, label) == seconds


def test_stale_data_is_tried_again_after_30_seconds():
    assert STALE_RETRY == 30    # C18: RFC 8767; C17: stale-refresh-time; C16: serve-expired-reply-ttl


def test_users_on_top():
    assert browser().user_keeps == 60                       # C21
    assert pooled(minutes=5).user_keeps == 300
    assert browser(60, over=serve_stale()).serve_stale
    assert pooled(5, over=minimum_ttl(300)).name == "pooled connections 5 min over minimum TTL 300 s"


@pytest.mark.parametrize(("make", "words"), [
    (lambda: minimum_ttl(-1), "0 <= minimum"),
    (lambda: Behaviour("odd", minimum_ttl=9, maximum_ttl=3), "0 <= minimum <= maximum"),
    (lambda: Behaviour("odd", negative_ttl=-2), "negative TTL"),
    (lambda: browser(-5), "keep an address for -5"),
    (lambda: browser(demand=-1), "asks -1 times"),
    (lambda: pooled(over=browser()), "already keep addresses"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_refused(make, words):
    with pytest.raises(ConfigurationError, match=words):
        make()
