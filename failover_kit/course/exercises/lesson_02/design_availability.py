"""Task 2.1: the availability of a design, part by part, and what the part that all share makes of it."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.misconceptions import recognise, same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

PARTS = ("region", "either", "shop")


def draw(random: Random) -> dict[str, Any]:
    pick = lambda low, high: random.randrange(low, high) / 10_000
    return {"web": pick(9_900, 9_950), "database": pick(9_800, 9_890), "payment": pick(9_955, 9_990),
            "zone": pick(9_950, 9_985)}


def right(given: Given) -> dict[str, float]:
    """By counting: every state of the seven parts with its probability, and whether the shop is up in it."""
    shares = [given.web, given.database, given.payment] * 2 + [given.zone]
    found = dict.fromkeys(PARTS, 0.0)
    for state in range(2 ** len(shares)):
        up = [bool(state >> part & 1) for part in range(len(shares))]
        chance = 1.0
        for share, is_up in zip(shares, up, strict=True):
            chance *= share if is_up else 1 - share
        east, west, zone = all(up[:3]), all(up[3:6]), up[6]
        found["region"] += chance * east
        found["either"] += chance * (east or west)
        found["shop"] += chance * ((east or west) and zone)
    return found


def check(answer: Any, given: Given, random: Random) -> Feedback:
    truth = right(given)
    said = {part: answer[part] for part in PARTS}
    if not all(isinstance(value, int | float) for value in said.values()):
        return not_quite("One of the three is not a number.", ask="Which share of the time, from 0 to 1?")
    region = [given.web, given.database, given.payment]
    beliefs = {"region": lambda value: recognise("series-availability", value, parts=region),
               "either": lambda value: recognise("parallel-availability", value, first=truth["region"],
                                                 second=truth["region"]),
               "shop": lambda value: recognise("series-availability", value, parts=[truth["either"], given.zone])}
    questions = {"region": "All three parts must be up. How often is that so?",
                 "either": "When is the shop down, although it has two Regions? How often is that so?",
                 "shop": "What must be up beside one of the two Regions?"}
    for part in PARTS:
        if not same(said[part], truth[part]):
            if said[part] > 1:
                return not_quite(f"Your `{part}` is above 1.", ask="Which share of the time, from 0 to 1?")
            belief = beliefs[part](said[part])
            return not_quite(f"Counted over all states in which the parts can be, your `{part}` is not the share of "
                             f"time.",
                             belief.name if belief else None, ask="" if belief else questions[part])
    return passed("Look at the last two numbers: what was gained by the second Region is lost again to the one part "
                  "that both "
                  "share.")


_REGION = "region = given.web * given.database * given.payment\n"

TASK = Task(
    id="2.1", title="How often is it up?", points=2, kind=Kind.COMPUTE, minutes=4,
    answer="up", expects="a dict of three shares from 0 to 1: region, either, shop",
    given={"web": 0.993, "database": 0.985, "payment": 0.997, "zone": 0.9975}, draw=draw, check=check,
    misconceptions=("series-is-the-weakest-part", "parallel-adds-up", "parallel-is-the-better-one"),
    hints=("Begin with one Region. It is up in those moments in which all of its parts are.",
           "For the two Regions take the other side: how often is one of them down, and how often both?",
           "The zone stands in series with the pair. And what stands in series multiplies."),
    alternatives=("import math\n"
                  "one = math.prod((given.web, given.database, given.payment))\n"
                  "up = dict(region=one, either=one + one - one * one, shop=given.zone * (2 * one - one ** 2))\n",),
    wrong_answers=(
        WrongAnswer("region = min(given.web, given.database, given.payment)\n"
                    "up = {'region': region, 'either': 1 - (1 - region) ** 2, 'shop': region}",
                    "series-is-the-weakest-part"),
        WrongAnswer(_REGION + "up = {'region': region, 'either': 1.0, 'shop': given.zone}", "parallel-adds-up"),
        WrongAnswer(_REGION + "up = {'region': region, 'either': region, 'shop': region * given.zone}",
                    "parallel-is-the-better-one"),
        WrongAnswer(_REGION + "up = {'region': region, 'either': 1 - (1 - region) ** 2,\n"
                              "      'shop': min(1 - (1 - region) ** 2, given.zone)}", "series-is-the-weakest-part"),
        WrongAnswer(_REGION + "either = 1 - (1 - region) ** 2\nup = "
                              "{'region': region, 'either': either, 'shop': either}"),
        WrongAnswer(_REGION + "up = {'region': region, 'either': region ** 2, 'shop': region ** 2 * given.zone}"),
        WrongAnswer(_REGION + "up = {'region': 100 * region, 'either': 1, 'shop': 1}"),
        WrongAnswer("up = {'region': 'often', 'either': 'often', 'shop': 'often'}"),
        WrongAnswer("up = 0.99")),
)
