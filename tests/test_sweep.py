"""sweep.py: hundreds of drills, the same rows whoever does the work."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from failover_kit.drill import DrillSettings, drill
from failover_kit.errors import ConfigurationError
from failover_kit.sweep import dns_cost, sweep

FEW = DrillSettings(users=4)
GRID = {"ttl": [10, 60], "request_interval": [10, 30]}


@pytest.fixture(scope="module")
def found():
    return sweep(GRID, settings=FEW, seeds=range(2))


def test_a_row_for_each_combination_in_the_order_of_the_grid(found):
    assert [(row["ttl"], row["request_interval"]) for row in found.table()] == [(10, 10), (10, 30), (60, 10), (60, 30)]
    assert all(row["runs"] == 2 for row in found.table())


def test_a_run_is_the_drill_of_the_same_name(found):
    run = found.runs[5]
    outage = drill("crash", settings=found.settings_of(run), seed=run.seed).outage
    assert (run.detection, run.dns_switch, run.failback) == (outage.detection, outage.switch, outage.failback)
    assert (run.downtime, run.worst_downtime) == (outage.downtime().mean, outage.downtime().maximum)


@pytest.mark.parametrize(("pool", "count"), [(ThreadPoolExecutor, 3), (ProcessPoolExecutor, 2)])
def test_workers_change_nothing(found, pool, count):
    with pool(count) as workers:
        assert sweep(GRID, settings=FEW, seeds=range(2), executor=workers) == found


def test_nor_does_dask(found):
    distributed = pytest.importorskip("distributed", reason="Dask is part of the extra `classroom`")
    with (distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False,
                                   dashboard_address=None) as cluster, distributed.Client(cluster) as client):
        assert sweep(GRID, settings=FEW, seeds=range(2), executor=client.get_executor()) == found


def test_faster_detection_and_shorter_ttls_mean_less_downtime(found):
    downtime = found.grid("ttl", "request_interval")
    assert downtime[0][0] < downtime[0][1] < downtime[1][1]
    assert downtime[0][0] < downtime[1][0] < downtime[1][1]


@pytest.mark.parametrize(("ttl", "interval"), [(60, 30), (1, 10), (86_400, 30)])
def test_what_a_setting_costs(ttl, interval):
    """20,000 resolvers that ask once a TTL and a second; two checks, with a dollar more each for the fast interval."""
    queries = 20_000 / (ttl + 1) * 30 * 86_400 / 1e6 * 0.40
    assert dns_cost(DrillSettings(ttl=ttl, request_interval=interval)) == pytest.approx(
        queries + 2 * (0.50 + (interval == 10)))


def test_the_best_within_a_budget(found):
    assert found.best()["ttl"] == 10
    cheap = found.best(budget=400)
    assert (cheap["ttl"], cheap["request_interval"]) == (60, 10)
    with pytest.raises(ConfigurationError, match="No combination costs at most"):
        found.best(budget=1)


def test_a_drill_that_nobody_notices():
    """A shallow check does not see a broken application: no detection, and the whole outage is downtime."""
    (row,) = sweep({"check_path": ["/health"]}, scenario="app-broken", settings=FEW, seeds=[1]).table()
    assert row["detection"] is None
    assert row["downtime"] == pytest.approx(300, abs=10)


@pytest.mark.parametrize(("over", "seeds", "words"), [
    ({"colour": [1]}, [0], "'colour' is no setting"), ({"ttl": []}, [0], "ttl has no values"),
    ({"ttl": [1]}, [], "nothing to run"), ({}, [0], "nothing to run"),
])
def test_what_cannot_be_swept(over, seeds, words):
    with pytest.raises(ConfigurationError, match=words):
        sweep(over, seeds=seeds)


def test_a_grid_of_what_was_not_varied(found):
    with pytest.raises(ConfigurationError, match="did not vary every"):
        found.grid("ttl", "every")
