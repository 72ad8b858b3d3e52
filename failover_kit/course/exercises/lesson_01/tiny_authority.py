"""Task 1.6: a name server's answer in a few lines. Judged against the lab's name server on zones not seen before."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab, RecordSet
from failover_kit.course.misconceptions import diagnose
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

APEX = "example.com"
TYPES = ("A", "AAAA", "CNAME", "TXT")
VALUES = {"A": "192.0.2.{}", "AAAA": "2001:db8::{}", "TXT": '"no {}"'}
ZONES = 3
Row = tuple[str, str, str]      # name, type, value

FIXED: tuple[Row, ...] = (      # what every zone holds: a name below an empty one, and names that end alike
    ("shop.example.com", "A", "192.0.2.1"), ("www.example.com", "CNAME", "shop.example.com."),
    ("eu.api.example.com", "A", "192.0.2.2"), ("bookshop.example.com", "AAAA", "2001:db8::3"))
FIXED_QUESTIONS = ("example.com", "shop.example.com", "SHOP.Example.com", "www.example.com", "api.example.com", "com",
                   "EU.API.example.com", "pi.example.com", "ookshop.example.com", "hop.example.com",
                   "shop.example.com.au", "myexample.com", "eu.shop.example.com")


def zone(random: Random) -> list[Row]:
    """A zone of a few names; some hold several types or values, some lie below others."""
    labels = random.sample(("app", "mail", "static", "login", "status", "beta"), 4)
    names = [f"{labels[0]}.{APEX}", f"{labels[1]}.{labels[0]}.{APEX}", f"{labels[2]}.deep.{labels[1]}.{APEX}"]
    rows = [*FIXED, (f"{labels[3]}.{APEX}", "CNAME", f"{names[0]}.")]
    for name in names:
        for kind in random.sample(sorted(VALUES), random.randrange(1, 3)):
            numbers = random.sample(range(10, 99), random.randrange(1, 3))
            rows += [(name, kind, VALUES[kind].format(number)) for number in numbers]
    random.shuffle(rows)
    return rows


def questions(rows: list[Row]) -> list[tuple[str, str]]:
    """Every name of the zone, each name above one, and some that are not there, with every type."""
    names = {*FIXED_QUESTIONS, *(name for name, _, _ in rows), *(name.partition(".")[2] for name, _, _ in rows)}
    return [(name, kind) for name in sorted(names) for kind in TYPES]


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for rows in (*(zone(random) for _ in range(ZONES)), []):       # at last a new zone, with nothing in it yet
        with Lab.virtual() as lab:
            lab.record(*_record_sets(rows))
            for name, kind in questions(rows):
                rcode, values = answer(list(rows), name, kind)
                right = lab.ask(name, kind)
                expected = sorted(value for rrset in right.answer for value in rrset.values)
                if (rcode, sorted(values)) != (right.rcode, expected):
                    return _explain(answer, rows, name, kind, rcode, list(values))
    return passed("Your function and the lab's name server say the same to every question, about zones that neither "
                  "had seen before.")


def _record_sets(rows: list[Row]) -> list[RecordSet]:
    together: dict[tuple[str, str], list[str]] = {}
    for name, kind, value in rows:
        together.setdefault((name, kind), []).append(value)
    return [RecordSet(name=name, type=kind, ttl=60, values=tuple(values)) for (name, kind), values in together.items()]


def _explain(answer: Any, rows: list[Row], name: str, kind: str, rcode: str, values: list[str]) -> Feedback:
    start = f"Asked for {name} {kind}, your function said {rcode} {values}; the lab's name server says otherwise."

    def says(held: tuple[str, ...], has_children: bool, asked: str) -> str:
        zone = [("x.example.com", type_, VALUES[type_].format(1)) for type_ in held]
        zone += [("below.x.example.com", "A", "192.0.2.1")] if has_children else []
        said, found = answer(zone, "x.example.com", asked)
        return "answer" if found else "no such name" if said == "NXDOMAIN" else "no data"

    if belief := diagnose("empty-answer", says):
        return not_quite(start, belief.name)
    if name != name.lower():
        return not_quite(start, ask="Does DNS tell upper and lower case apart?")
    if not f".{name}".endswith(f".{APEX}"):
        return not_quite(start, ask="Is that name in this zone at all? Where must the dots be?")
    if any(owner == name and type_ == "CNAME" for owner, type_, _ in rows):
        return not_quite(start, ask="A CNAME is there. What does a name server say to every other type at that name?")
    return not_quite(start, ask="Which names of the zone are equal to this one, and which of them are below it?")


_START = ('def reply(records, name, type):\n'
          '    name = name.lower()\n'
          '    if name != "example.com" and not name.endswith(".example.com"):\n'
          '        return "REFUSED", []\n')
_HERE = '    here = [(kind, value) for owner, kind, value in records if owner == name]\n'
_FOUND = '    return "NOERROR", [value for kind, value in here if kind in (type, "CNAME")]\n'
_ABSENT = ('    if not here and name != "example.com" and not any(o.endswith("." + name) for o, _, _ in records):\n'
           '        return "NXDOMAIN", []\n')

TASK = Task(
    id="1.6", title="A name server in ten lines", points=4, kind=Kind.WRITE, minutes=6,
    answer="reply", expects="a function of records, name and type that returns a pair: a status and a list of values",
    check=check,
    misconceptions=("children-do-not-count", "missing-type-means-no-name"),
    hints=("Decide in this order: is the name in the zone at all, does it exist, does it hold the type?",
           "Names are compared in lower case and label by label: `hop.example.com` is not the end of "
           "`shop.example.com`. Put a dot before a name when you look at how another one ends.",
           "A name exists if it is the zone's own, if a record has it, or if a record's name ends in a dot and this "
           "name. A CNAME at a name is the answer to every type."),
    alternatives=(
        'def reply(records, name, type):\n'
        '    labels = name.lower().split(".")\n'
        '    if labels[-2:] != ["example", "com"]:\n'
        '        return "REFUSED", []\n'
        '    tree = {("example", "com")}\n'
        '    values = {}\n'
        '    for owner, kind, value in records:\n'
        '        parts = owner.split(".")\n'
        '        tree |= {tuple(parts[i:]) for i in range(len(parts))}\n'
        '        values.setdefault((owner, kind), []).append(value)\n'
        '    if tuple(labels) not in tree:\n'
        '        return "NXDOMAIN", ()\n'
        '    name = ".".join(labels)\n'
        '    return "NOERROR", values.get((name, "CNAME")) or values.get((name, type), [])\n',
        'def reply(records, name, type):\n'
        '    dotted = "." + name.lower()\n'
        '    if not dotted.endswith(".example.com"):\n'
        '        return "REFUSED", []\n'
        '    exists = dotted == ".example.com"\n'
        '    found = []\n'
        '    for owner, kind, value in records:\n'
        '        exists = exists or ("." + owner).endswith(dotted)\n'
        '        if "." + owner == dotted and kind in ("CNAME", type):\n'
        '            found.append(value)\n'
        '    return ("NOERROR" if exists else "NXDOMAIN"), found\n'),
    wrong_answers=(
        WrongAnswer(_START + _HERE + '    if not here:\n        return "NXDOMAIN", []\n' + _FOUND,
                    "children-do-not-count"),
        WrongAnswer(_START + '    found = [v for o, kind, v in records if o == name and kind in (type, "CNAME")]\n'
                    '    return ("NOERROR" if found else "NXDOMAIN"), found\n', "missing-type-means-no-name"),
        WrongAnswer(_START.replace(".lower()", "") + _HERE + _ABSENT + _FOUND),      # upper case is another name
        WrongAnswer(_START + _HERE + _ABSENT.replace('"." + name', 'name') + _FOUND),      # hop is the end of shop
        WrongAnswer(_START + _HERE + _ABSENT + '    return "NOERROR", [v for kind, v in here if kind == type]\n'),
        WrongAnswer('def reply(records, name, type):\n    name = name.lower()\n' + _HERE + _ABSENT + _FOUND),
        WrongAnswer(_START.replace('".example.com"', '"example.com"') + _HERE + _ABSENT + _FOUND),      # myexample.com
        WrongAnswer('def reply(records, name, type):\n    return "NOERROR"\n'),
        WrongAnswer('def reply(records, name, type):\n    return "NXDOMAIN", []\n')),
)
