"""How fast the fleet is, beside the same fleet in SimPy, event by event. A command, not a test.

    python tests/benchmarks/bench_fleet.py [--size N] [--workers N] [--simpy-resolvers N] [--json FILE]

All three live through one failover: TTL 60 s, 30 minutes, one request a second at each resolver. SimPy runs
a smaller fleet; its time for the whole one is extrapolated, and marked so.
"""

import argparse
import json
import platform
import random
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from math import sqrt
from statistics import fmean, median, pstdev

import numpy as np

from failover_kit.fleet import (
    AnswerTimeline,
    Fleet,
    browser,
    for_ever,
    honest,
    maximum_ttl,
    minimum_ttl,
    pooled,
    serve_stale,
)

TTL, FAILS, SWITCHES, UNTIL = 60, 300.0, 385.0, 1800.0
OUTAGE = AnswerTimeline.failover("east", "west", fails_at=FAILS, switches_at=SWITCHES, until=UNTIL)
SEVEN_KINDS = {honest(): 0.5, minimum_ttl(300): 0.1, maximum_ttl(30): 0.1, for_ever(): 0.05, serve_stale(): 0.05,
               browser(): 0.15, pooled(): 0.05}


def expected_milliseconds(fleet, rounds=9):
    wall, cpu = [], []
    for _ in range(rounds):
        start, start_cpu = time.perf_counter(), time.process_time()
        fleet.expected(OUTAGE)
        wall.append(1000 * (time.perf_counter() - start))
        cpu.append(1000 * (time.process_time() - start_cpu))
    return {"median": median(wall), "fastest": min(wall), "median_cpu": median(cpu)}


def sample(size, workers, kinds):
    """Run in a process of its own, so that its peak memory is its own."""
    with ProcessPoolExecutor(workers) if workers > 1 else nullcontext() as executor:
        start, start_cpu = time.perf_counter(), time.process_time()
        report = Fleet(size=size, ttl=TTL, behaviours=kinds).sample(OUTAGE, seed=7, executor=executor)
        seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    try:
        import resource
        usages = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        unit = 1e6 if sys.platform == "darwin" else 1e3
        peak = (usages[0] + workers * usages[1] * (workers > 1)) / unit    # every worker as large as the largest
    except ImportError:    # Windows does not say
        peak = None
    return {"seconds": seconds, "cpu_seconds": cpu if workers == 1 else None, "peak_megabytes": peak,
            "mean_downtime": report.mean_downtime, "p95_downtime": report.downtime.percentile(95),
            "queries_per_second": report.mean_queries_per_second}


def in_own_process(*arguments):
    run = subprocess.run([sys.executable, __file__, "--only-sample", json.dumps(arguments)], check=True,
                         capture_output=True, text=True)
    return json.loads(run.stdout)


def simpy_fleet(resolvers, demand=1.0):
    """Every request an event; a warm start by a random place in the cycle."""
    import simpy
    rng, environment = random.Random(7), simpy.Environment()
    lost, requests = [0.0] * resolvers, 0

    def live(number):
        nonlocal requests
        held = rng.random() < TTL / (TTL + 1 / demand)
        site, expires = "east", TTL * rng.random() if held else 0.0
        while True:
            yield environment.timeout(rng.expovariate(demand))
            requests += 1
            now = environment.now
            if now >= expires:
                if site == "east" and now >= SWITCHES:    # only now: it was sent to the east until `expires`
                    lost[number] = max(expires, SWITCHES) - FAILS
                site, expires = ("east" if now < SWITCHES else "west"), now + TTL

    for number in range(resolvers):
        environment.process(live(number))
    start = time.perf_counter()
    environment.run(until=UNTIL)
    return {"seconds": time.perf_counter() - start, "requests": requests, "lost": lost}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000, help="resolvers drawn (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes in the second run (default: %(default)s)")
    parser.add_argument("--simpy-resolvers", type=int, default=500, help="resolvers in SimPy (default: %(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write the numbers there, too")
    parser.add_argument("--only-sample", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_sample:
        size, workers, mixed = json.loads(options.only_sample)
        print(json.dumps(sample(size, workers, SEVEN_KINDS if mixed else {honest(): 1.0})))
        return

    plain, cold = Fleet(ttl=TTL), Fleet(ttl=TTL, warm=False)
    computed = plain.expected(OUTAGE)
    results = {
        "machine": {"python": platform.python_version(), "numpy": np.__version__, "processor": platform.processor(),
                    "system": platform.system()},
        "expected_ms": {"honest": expected_milliseconds(plain), "honest, cold start": expected_milliseconds(cold),
                        "seven kinds": expected_milliseconds(Fleet(ttl=TTL, behaviours=SEVEN_KINDS))},
        "sample": {"one process": in_own_process(options.size, 1, False),
                   f"{options.workers} processes": in_own_process(options.size, options.workers, False),
                   "seven kinds, one process": in_own_process(options.size, 1, True)},
    }
    simulated = simpy_fleet(options.simpy_resolvers)
    error = pstdev(simulated["lost"]) / sqrt(options.simpy_resolvers)
    results["simpy"] = {
        "resolvers": options.simpy_resolvers, "seconds": simulated["seconds"], "requests": simulated["requests"],
        "requests_per_second": simulated["requests"] / simulated["seconds"],
        "extrapolated_seconds": simulated["seconds"] * options.size / options.simpy_resolvers,
        "mean_downtime": fmean(simulated["lost"]),
        "z_against_expected": (fmean(simulated["lost"]) - computed.mean_downtime) / error}

    print(f"{'':34}{'time':>14}{'of it CPU':>14}{'peak memory':>14}{'mean downtime':>16}")
    for name, times in results["expected_ms"].items():
        print(f"{'computed, ' + name:34}{times['median']:>11.1f} ms{times['median_cpu']:>11.1f} ms"
              + (f"{'':14}{computed.mean_downtime:>14.3f} s" if name == "honest" else ""))
    for name, run in results["sample"].items():
        peak = "not known" if run["peak_megabytes"] is None else f"{run['peak_megabytes']:.0f} MB"
        cpu = "" if run["cpu_seconds"] is None else f"{run['cpu_seconds']:.2f} s"
        print(f"{'drawn, ' + name:34}{run['seconds']:>12.2f} s{cpu:>14}{peak:>14}{run['mean_downtime']:>14.3f} s")
    run = results["simpy"]
    print(f"{'SimPy, ' + format(run['resolvers'], ',') + ' resolvers':34}{run['seconds']:>12.2f} s{'':>28}"
          f"{run['mean_downtime']:>14.3f} s   z = {run['z_against_expected']:+.1f}")
    print(f"{'SimPy, ' + format(options.size, ',') + ' (extrapolated)':34}{run['extrapolated_seconds']:>12.0f} s")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=2)


if __name__ == "__main__":
    main()
