"""Task 5.3: geolocation records that leave most of the world without an answer. Judged by asking from everywhere."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab, places
from failover_kit.aws.shapes import record_set_from_dict
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.faults import Site

NAME, HOME, EUROPE = "app.example.com.", "us-east-1", "eu-west-1"
# Continents whose code is a country's, too: American Samoa, Saudi Arabia, Afghanistan.
THIRD = {"AS": "ap-northeast-1", "SA": "sa-east-1", "AF": "af-south-1"}
CLIENTS = tuple({place.country: place for place in places.PLACES}.values())
PROBED_FROM = ("us-west-2", "eu-west-1", "ap-southeast-2")


def numbers(continent: str, last: int) -> dict[str, Any]:
    """The shop with its third site on this continent, as it was shipped: three record sets, three faults."""
    regions = {"home": HOME, "europe": EUROPE, "third": THIRD[continent]}
    addresses = {who: f"192.0.2.{last + number}" for number, who in enumerate(regions)}
    checks = {who: f"check-{region}" for who, region in regions.items()}
    areas = {"home": {"CountryCode": "US"}, "europe": {"ContinentCode": "EU"}, "third": {"CountryCode": continent}}
    shipped = [{"Name": NAME, "Type": "A", "TTL": 60, "SetIdentifier": who, "GeoLocation": areas[who],
                "ResourceRecords": [{"Value": addresses[who]}], "HealthCheckId": checks[who]} for who in regions]
    del shipped[1]["HealthCheckId"]
    return {"continent": continent, "regions": regions, "checks": checks, "shipped": shipped}


def draw(random: Random) -> dict[str, Any]:
    return numbers(random.choice(sorted(THIRD)), random.randrange(10, 240))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    addresses = {record["ResourceRecords"][0]["Value"]: record["SetIdentifier"] for record in given.shipped}
    strangers = [value["Value"] for record in answer for value in record["ResourceRecords"]
                 if value["Value"] not in addresses]
    if strangers:
        return not_quite(f"Your records hold {strangers[0]}, which is none of the three sites.",
                         ask="Which addresses were handed out in `given.shipped`?")
    with Lab.virtual(seed=random.randrange(1000)) as lab:
        sites = {who: lab.open_site(Site(region, places.region(region), (address,)))
                 for address, (who, region) in zip(addresses, given.regions.items(), strict=True)}
        for who, site in sites.items():
            lab.health_check(site, path="/health", id=given.checks[who], regions=PROBED_FROM)
        lab.record(*map(record_set_from_dict, answer))
        for down in (None, *random.sample(list(sites), len(sites))):
            if down:
                sites[down].fail(random.choice(("crash", "blackout", "http_500")))
                lab.run(minutes=3)
            for client in random.sample(CLIENTS, len(CLIENTS)):
                wrong = _wrong(lab, client, down, given, addresses)
                if wrong:
                    return wrong
            if down:
                sites[down].repair()
                lab.run(minutes=3)
    return passed(f"{len(CLIENTS)} countries asked, on a quiet day and with each site down in turn: nobody is left "
                  "out. A country code where a continent was meant is a slip that Route 53 takes: "
                  f"{given.continent} is both.")



def _wrong(lab: Lab, client: places.Place, down: str | None, given: Given,
           addresses: dict[str, str]) -> Feedback | None:
    """What is wrong with the answer that this client gets, if anything."""
    mine = {"EU": "europe", given.continent: "third"}.get(client.continent, "home")
    expected = "home" if mine == down else mine
    reply = lab.ask(NAME, client=client.code)
    day = f"With {given.regions[down]} down, s" if down else "On a quiet day, s"
    who = f"{day}omebody in {client.city} ({client.country})"
    if not reply.answer:
        return not_quite(f"{who} gets no answer.", "geolocation-picks-the-nearest")
    got = addresses[reply.answer[0].values[0]]
    if got == expected:
        return None
    start = f"{who} is sent to {given.regions[got]}, not to {given.regions[expected]}."
    if got == down:
        return not_quite(start, ask=f"How would the name servers know that {given.regions[down]} is down?")
    return not_quite(start, ask=f"Which of your records are for an area that holds {client.country}, and is each area "
                                "the one that you mean?")


def _with(**changes: str) -> str:
    """A program that changes a copy of what was shipped; the three faults are repaired unless said otherwise."""
    lines = {"default": 'home["GeoLocation"] = {"CountryCode": "*"}',
             "check": 'europe["HealthCheckId"] = given.checks["europe"]',
             "area": 'third["GeoLocation"] = {"ContinentCode": given.continent}', **changes}
    start = "import copy\nrecords = copy.deepcopy(given.shipped)\nhome, europe, third = records"
    return "\n".join([start, *lines.values()])


TASK = Task(
    id="5.3", title="The map with gaps", points=4, kind=Kind.DEBUG, minutes=6,
    answer="records", expects="a list of ResourceRecordSets in boto3's spelling",
    given=numbers("AS", 10), draw=draw, check=check, untouched=lambda answer, given: answer == given.shipped,
    misconceptions=("geolocation-picks-the-nearest",),
    hints=("Take a country that none of the three records names. What does it get?",
           "There are three faults: a place that nobody covers, a code that stands for something else than was meant, "
           "and a record that cannot be taken out of service.",
           "The default location is written as a `CountryCode` of its own. Continents have a key of their own in "
           "`GeoLocation`. And compare the keys of the three records: one lacks what the others have."),
    alternatives=(
        _with(default='records.append({**home, "SetIdentifier": "rest", "GeoLocation": {"CountryCode": "*"}})'),
        'areas = [{"CountryCode": "*"}, {"ContinentCode": "EU"}, {"ContinentCode": given.continent}]\n'
        'records = [{**record, "GeoLocation": area, "HealthCheckId": given.checks[record["SetIdentifier"]]}\n'
        "           for record, area in zip(given.shipped, areas)]"),
    wrong_answers=(
        WrongAnswer(_with(default=""), "geolocation-picks-the-nearest"),
        WrongAnswer(_with(default='home["GeoLocation"] = {"ContinentCode": "NA"}'), "geolocation-picks-the-nearest"),
        WrongAnswer(_with(check="")),
        WrongAnswer(_with(check='europe["HealthCheckId"] = given.checks["home"]')),
        WrongAnswer(_with(area="")),
        WrongAnswer(_with(area='third["GeoLocation"] = {"CountryCode": "FR"}')),
        WrongAnswer(_with(default='europe["GeoLocation"] = {"CountryCode": "*"}')),
        WrongAnswer(_with() + '\nhome["ResourceRecords"] = [{"Value": "203.0.113.9"}]'),
        WrongAnswer("records = given.shipped[0]")),
)
