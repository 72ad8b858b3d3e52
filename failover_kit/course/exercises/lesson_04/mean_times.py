"""Task 4.7: how long a check takes to notice, on average, and to come back. Judged beside crashes in the lab."""

from __future__ import annotations

from random import Random
from statistics import fmean
from typing import Any

from failover_kit import Lab
from failover_kit.course.misconceptions import same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.health import checkers_needed
from failover_kit.places import CHECKER_REGIONS

CRASHES = 8
NEAR = 0.2            # of an interval: how far the mean of a few crashes may lie from the true mean
CASES = [(interval, threshold, checkers) for interval in (10, 30) for threshold in (1, 3, 10)
         for checkers in (6, 8, 10, 11, 12, 14, 16, 17, 32, 50, 100)]


def true_means(interval: int, threshold: int, checkers: int, needed: int | None = None) -> tuple[float, float]:
    """Mean detection and recovery (s): the n-th smallest of N uniform moments lies at n / (N + 1) of the interval."""
    needed = checkers_needed(checkers) if needed is None else needed
    both = (checkers - needed + 1, needed)
    return tuple(interval * (count / (checkers + 1) + threshold - 1) for count in both)


def measured(interval: int, threshold: int, regions: tuple[str, ...], random: Random) -> tuple[float, float]:
    """The same from some crashes and repairs in the lab (s)."""
    out, back = [], []
    for _ in range(CRASHES):
        with Lab.virtual(random.getrandbits(30)) as lab:
            site = lab.site("us-east-1")
            lab.health_check(site, request_interval=interval, failure_threshold=threshold, regions=regions)
            lab.at(2 * interval, site.fail)
            mended = 2 * interval + interval * (threshold + 2) + random.uniform(0, interval)
            lab.at(mended, site.repair)
            lab.run(mended + interval * (threshold + 2))
            outage = lab.timeline.outages()[0]
            out.append(outage.detection)
            back.append(outage.recovered.at - outage.ended)
    return fmean(out), fmean(back)


def check(answer: Any, given: Given, random: Random) -> Feedback:
    interval, threshold = random.choice((10, 30)), random.randint(1, 4)
    regions = tuple(random.sample(CHECKER_REGIONS, random.choice((4, 5, 6, 8))))
    told = measured(interval, threshold, regions, random)
    said = answer(interval, threshold, 2 * len(regions))
    for name, mine, labs in zip(("detection", "recovery"), said, told, strict=True):
        if abs(mine - labs) > NEAR * interval + 0.3 * threshold:
            return _explain(answer, f"Interval {interval} s, threshold {threshold}, {2 * len(regions)} checkers: you "
                                    f"say {mine:.1f} s for the mean {name}. In the lab, {CRASHES} crashes took "
                                    f"{labs:.1f} s.")
    for case in CASES:
        if not all(map(same, answer(*case), true_means(*case))):
            return _explain(answer, "Close to what the lab measures, but not exact for interval, threshold, checkers = "
                                    f"{case}.")
    return passed("Going down it takes nearly the last checker, coming back one of the first.")


def _explain(answer: Any, start: str) -> Feedback:
    cases = [(30, 1, 16), (10, 3, 12)]
    for believed, name in ((lambda checkers: checkers // 2 + 1, "checkers-vote-by-majority"),
                           (lambda checkers: checkers, "one-failing-checker-is-enough")):
        if all(same(answer(*case)[0], true_means(*case, needed=believed(case[2]))[0]) for case in cases):
            return not_quite(start, name)
    if all(same(answer(*case)[0], case[0] * case[1]) for case in cases):
        return not_quite(start, ask="You take each checker at its slowest. Where in its interval is a checker, on "
                         "average, when the crash comes?")
    return not_quite(start, ask="Which checker, in the order of their first failures, turns the check? When does it "
                     "fail first, on average?")


_BY_COUNTING = '''
def mean_times(interval, threshold, checkers):
    needed = {needed}
    def moment(place):
        return interval * place / (checkers + 1) + interval * (threshold - 1)
    return moment(checkers - needed + 1), moment(needed)
'''
_NEEDED = "next(n for n in range(1, checkers + 1) if n / checkers > 0.18)"


def _variant(needed: str) -> str:
    return _BY_COUNTING.replace("{needed}", needed)


TASK = Task(
    id="4.7", title="Why the way back is shorter", points=4, kind=Kind.WRITE, minutes=8, stretch=True,
    answer="mean_times", expects="a function of interval, threshold and checkers that returns two numbers of seconds",
    check=check,
    misconceptions=("checkers-vote-by-majority", "one-failing-checker-is-enough"),
    hints=("Put the checkers in the order of their first failing probe. The check turns when the last one that is "
           "needed turns; which place is that, out of `checkers`?",
           "Of N moments that are spread at random over an interval, the n-th lies at n / (N + 1) of it, on average.",
           "After its first failure a checker needs threshold - 1 more, one interval apart. For the way back, ask "
           "which place in the order is enough for healthy."),
    alternatives=(
        _variant(_NEEDED),
        'from fractions import Fraction\n'
        'def mean_times(interval, threshold, checkers):\n'
        '    needed = 18 * checkers // 100 + 1\n'
        '    wait = interval * (threshold - 1)\n'
        '    parts = [Fraction(interval, checkers + 1) * place for place in (checkers + 1 - needed, needed)]\n'
        '    return [float(part) + wait for part in parts]\n'),
    wrong_answers=(
        WrongAnswer(_variant("checkers // 2 + 1"), "checkers-vote-by-majority"),
        WrongAnswer(_variant("checkers"), "one-failing-checker-is-enough"),
        WrongAnswer('def mean_times(interval, threshold, checkers):\n'
                    '    return interval * threshold, interval * threshold\n'),
        WrongAnswer(_variant(_NEEDED).replace("interval * (threshold - 1)", "interval * threshold")),
        WrongAnswer(_variant("3")),
        WrongAnswer('def mean_times(interval, threshold, checkers):\n    return interval * threshold\n')))
