"""Hundreds of drills over a grid of settings: what each setting costs, in downtime and in money.

    {"ttl": [10, 60, 300], "request_interval": [10, 30]} x seeds  ->  drills  ->  Sweep (a row for each combination)

Before this: drill.py. After this: figures/heatmap.py draws a Sweep. The same rows come out whoever does the work:
none, threads, processes, or a cluster. Any `concurrent.futures.Executor` will do; Dask's is `client.get_executor()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, fields, replace
from itertools import product
from statistics import fmean

from .drill import DrillSettings, drill
from .errors import ConfigurationError, Problem
from .fleet.report import QUERY_PRICE, SECONDS_PER_MONTH
from .gameday.cost import RESOLVERS, SHOP_PRICES
from .gameday.users import DEMAND
from .progress import shown

FEW_USERS = DrillSettings(users=20)


@dataclass(frozen=True)
class Run:
    """One drill, as numbers. Seconds, but for the counts; None: it did not happen."""

    settings: Mapping[str, object]
    seed: int
    detection: float | None
    dns_switch: float | None
    failback: float | None
    downtime: float                  # mean over users
    worst_downtime: float
    failed_requests: int
    false_switches: int              # answer changes before anything was broken


@dataclass(frozen=True)
class Sweep:
    """Every combination of settings, each run under every seed."""

    over: Mapping[str, Sequence[object]]
    seeds: Sequence[int]
    scenario: str
    base: DrillSettings
    runs: Sequence[Run]              # in the order of the grid, the seeds of one combination together

    def settings_of(self, run: Run) -> DrillSettings:
        return replace(self.base, **run.settings)

    def table(self) -> list[dict[str, object]]:
        """A row for each combination: its settings, the means over seeds, and what it costs a month (USD)."""
        rows = []
        for settings, runs in self._combinations():
            noticed = [run.detection for run in runs if run.detection is not None]
            rows.append({**settings, "detection": fmean(noticed) if noticed else None,
                         "downtime": fmean(run.downtime for run in runs),
                         "worst_downtime": max(run.worst_downtime for run in runs),
                         "failed_requests": fmean(run.failed_requests for run in runs),
                         "monthly_cost": dns_cost(replace(self.base, **settings)), "runs": len(runs)})
        return rows

    def grid(self, x: str, y: str, measure: str = "downtime") -> list[list[float]]:
        """Means of a measure: a list for each value of `y`, with a number for each value of `x`."""
        self._check(x, y)
        rows = self.table()
        return [[_mean_of(row[measure] for row in rows if row[x] == column and row[y] == line)
                 for column in self.over[x]]
                for line in self.over[y]]

    def best(self, measure: str = "downtime", budget: float | None = None) -> dict[str, object]:
        """The row with the least of a measure, among those within a monthly budget (USD)."""
        rows = [row for row in self.table() if budget is None or row["monthly_cost"] <= budget]
        if not rows:
            raise ConfigurationError(f"No combination costs at most ${budget:g} a month; the cheapest costs "
                                     f"${min(row['monthly_cost'] for row in self.table()):,.2f}.")
        return min(rows, key=lambda row: (row[measure], row["monthly_cost"]))

    def figure(self, x: str, y: str, measure: str = "downtime"):
        """The heat map of figures/heatmap.py: colour and number for the measure, the price below."""
        from .figures.heatmap import heatmap

        self._check(x, y)
        title = f"{measure.replace('_', ' ').capitalize()} in scenario {self.scenario}"
        return heatmap(self.over[x], self.over[y], self.grid(x, y, measure), self.grid(x, y, "monthly_cost"),
                       x_name=x, y_name=y, title=title)

    def _combinations(self) -> Iterator[tuple[Mapping[str, object], Sequence[Run]]]:
        for start in range(0, len(self.runs), len(self.seeds)):
            yield self.runs[start].settings, self.runs[start:start + len(self.seeds)]

    def _check(self, *names: str) -> None:
        if unknown := [name for name in names if name not in self.over]:
            raise ConfigurationError(f"The sweep did not vary {', '.join(unknown)}, only {', '.join(self.over)}.")


def sweep(over: Mapping[str, Iterable[object]], *, scenario: str = "crash", settings: DrillSettings = FEW_USERS,
          seeds: Iterable[int] = range(3), executor: Executor | None = None) -> Sweep:
    """Drill every combination of these settings (fields of DrillSettings) under every seed, with progress.

    executor:  where to run; anything with the `map` of `concurrent.futures.Executor`. None: here.
    Raises ConfigurationError for names that are no settings, or empty lists, all at once.
    """
    grid, seeds = {name: [*values] for name, values in over.items()}, [*seeds]
    known = [field.name for field in fields(DrillSettings)]
    problems = [Problem("sweep", f"{name!r} is no setting of a drill", f"Vary some of: {', '.join(known)}.")
                for name in grid if name not in known]
    problems += [Problem("sweep", f"{name} has no values", "Give at least one.")
                 for name, values in grid.items() if not values]
    if not seeds or not grid:
        problems.append(Problem("sweep", "has nothing to run", "Give settings to vary, and at least one seed."))
    if problems:
        raise ConfigurationError(problems)
    jobs = [(dict(zip(grid, values, strict=True)), seed) for values in product(*grid.values()) for seed in seeds]
    runs: list[Run] = []
    with shown(f"Sweep of {len(jobs)} drills", 0, len(jobs)) as tell:
        arguments = *zip(*jobs, strict=True), [scenario] * len(jobs), [settings] * len(jobs)
        for run in (executor.map if executor else map)(one_run, *arguments):
            runs.append(run)
            tell(len(runs))
    return Sweep(grid, seeds, scenario, settings, runs)


def one_run(changes: Mapping[str, object], seed: int, scenario: str, base: DrillSettings) -> Run:
    """One drill of a sweep. A function of its arguments alone, so that any worker can do it."""
    report = drill(scenario, settings=replace(base, **changes), seed=seed, progress=lambda now: None)
    outage, downtime = report.outage, report.outage.downtime()
    return Run(dict(changes), seed, outage.detection, outage.switch, outage.failback, downtime.mean, downtime.maximum,
               outage.failed_requests, _false_switches(report))


def _false_switches(report) -> int:
    from .timeline import AnswerChange

    return sum(bool(change.before) for change in report.timeline.of(AnswerChange, until=report.outage.began))


def dns_cost(settings: DrillSettings, resolvers: int = RESOLVERS, demand: float = DEMAND) -> float:
    """USD a month for the queries of so many honest resolvers, and for the health checks.

    A cache asks once in its TTL and the wait for the next request after that: resolvers / (TTL + 1/demand) a second.
    """
    queries = resolvers / (settings.ttl + 1 / demand) * SECONDS_PER_MONTH
    features = sum((settings.request_interval == 10, settings.search_string is not None,
                    settings.check_type.startswith("HTTPS")))
    checks = (1 + settings.check_secondary) * (SHOP_PRICES.health_check + features * SHOP_PRICES.check_feature)
    return queries / 1e6 * QUERY_PRICE + checks


def _mean_of(values: Iterable[float | None]) -> float:
    there = [value for value in values if value is not None]
    return fmean(there) if there else float("nan")
