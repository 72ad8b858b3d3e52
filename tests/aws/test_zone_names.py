"""Which zone a list of record sets belongs to."""

import pytest

from failover_kit.aws.zone_names import guessed, named_by_soa_or_ns
from failover_kit.errors import ConfigurationError


def records(text):
    """`app.example.com A, example.com SOA` as names and types."""
    return [(name + ".", type_) for name, type_ in (record.split() for record in text.split(", ") if record)]


@pytest.mark.parametrize(("text", "zone"), [
    ("a.example.com A, example.com SOA, b.example.com A", "example.com."),
    ("example.com NS, a.example.com A", "example.com."),
    ("example.com NS, dev.example.com NS, dev.example.com DS", "example.com."),
    ("dev.example.com NS, ns1.dev.example.com A, app.example.com A", None),        # a delegation, not the top
    ("a.example.com A, b.example.com A", None),
    ("a.example.com NS, b.example.org A", None),
    ("", None),
])
def test_told_by_soa_or_ns(text, zone):
    assert named_by_soa_or_ns(records(text)) == zone


@pytest.mark.parametrize(("text", "zone"), [
    ("app.example.com A, www.example.com A", "example.com."),
    ("example.com A, www.example.com A", "example.com."),
    ("a.b.example.com A, c.b.example.com A", "b.example.com."),
    ("xample.com A, example.com A", None),                                         # labels, not letters
    ("app.example.com A", "example.com."),                                         # most likely a host
    ("app.example.com A, app.example.com MX", "example.com."),
    ("example.com A", "example.com."),
    ("*.example.com A", "example.com."),
    ("www.example.com CNAME, old.www.example.com A", "example.com."),              # C14: never at the top
    ("example.com A, example.org A", None),
    ("localhost A", None),
    ("", None),
])
def test_guessed(text, zone):
    if zone is not None:
        assert guessed(records(text)) == zone
        return
    with pytest.raises(ConfigurationError) as caught:
        guessed(records(text))
    assert "--zone-name" in caught.value.problems[0].fix
