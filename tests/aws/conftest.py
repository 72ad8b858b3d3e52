"""A lab in each world with boto3 clients of its API."""

import pytest

from failover_kit import Lab


@pytest.fixture
def lab():
    """A virtual lab whose changes reach the name servers at once."""
    with Lab.virtual(seed=1) as lab:
        lab.api.propagation = 0
        yield lab


@pytest.fixture(params=["virtual", "live"])
def either_lab(request):
    """The same in both worlds; the live one's clients talk HTTP."""
    make = {"virtual": lambda: Lab.virtual(seed=1), "live": lambda: Lab.live(speed=20, seed=1)}
    with make[request.param]() as lab:
        lab.api.propagation = 0
        yield lab


@pytest.fixture
def route53(lab):
    return lab.api.client("route53")
