"""Lesson 1 says what is so: its claims against runs of the notebook, live and virtual, and against its sources."""

import json
from types import SimpleNamespace

import pytest

from failover_kit import Lab
from failover_kit.figures.ttl_figure import first_new
from failover_kit.widgets import PacketView
from failover_kit.zone import SOA_TIMES, SOA_TTL

LESSON = 1


# ---- the runs ---------------------------------------------------------------------------------------------------

def test_two_runs_say_the_same(book, run):
    assert book.steady(run) == book.steady(book.saved())


def test_the_virtual_twin_says_the_same_as_the_live_lab(book, run, twin):
    assert book.steady(twin) == book.steady(run)


EAST, WEST = "127.0.1.10", "127.0.2.10"


@pytest.mark.parametrize(("cell", "text"), [
    ("lab", f"(<site us-east-1 at {EAST}>, <site us-west-2 at {WEST}>)"),
    ("visit", f"('{EAST}', 'us-east-1', '200 OK')"),
    ("two-resolvers", f"('{EAST}', '{EAST}')"), ("other-zone", f"'{WEST}'"),
    ("aa", "(False, True)"),
    ("cname", f"(('app.example.com.',), ('{EAST}',))"),
    ("missing-run", "('NOERROR', ())"), ("typo", "('NXDOMAIN', ())"), ("non-terminal", "('NOERROR', ())"),     # C6
    ("second-hand", "(True, False)"),
    ("change-run", f"(('{EAST}',), 40, 'cache')"), ("change-authority-run", f"('{WEST}',)"),
    ("live-read", "Dora went to us-east-1 and then to us-west-2\n"
                  "She went to us-east-1 after the record had changed: True\n"
                  "The last time was within one TTL of the change: True\n"),
    ("pitfall-wrong", "looked too early: NXDOMAIN\nits users have the new name after 900 s\n"),                # C4, H24
    ("pitfall-right", "its users have the new name after 0 s\n"),
    ("pitfall-soa", "(900, '86400')"),                                                                         # C2
    ("boto3", "'PENDING'"), ("wait", f"('INSYNC', ('{EAST}',))")])                                             # D11
def test_a_cell_shows_what_the_prose_around_it_says(run, cell, text):
    assert run[cell] == text


# ---- numbers and words of the prose -------------------------------------------------------------------------------

def test_the_challenge_can_be_met_and_is_not_met_by_what_stands_there(book, run):
    assert run["challenge"].endswith("Not yet.\n")
    names = {"east": SimpleNamespace(address=EAST), "west": SimpleNamespace(address=WEST)}
    exec(book.source("imports") + "\nquestion = Question('app.example.com.', 'A')\n" + book.source("shop-moves"), names)
    body = book.source("challenge").split("\n\n", 1)[1].replace("print", "said.append")
    met = []
    for ttl in range(10, 301, 10):                   # where the slider can stand
        names |= {"my_ttl": ttl, "said": []}
        exec(body, names)
        met += [ttl] * (names["said"][-1] == "Challenge met.")
    assert met == [50, 60]
    assert first_new(names["shop_moves"](200, 200), 200, EAST) == 200, "with a change at 200 s, users move at once"
    assert first_new(names["shop_moves"](200, 210), 210, EAST) == 400, "and a little later they do not"


@pytest.fixture
def view():
    with Lab.virtual() as lab:
        lab.simple("app.example.com", EAST, ttl=60)
        yield PacketView.asking("app.example.com", send=lab.send)


def values(view, section, name):
    return [field[4] for field in view.fields if field[2:4] == [section, name]]


def test_the_answers_about_the_packet(view):
    assert view.query.endswith("00 01 00 01")
    assert values(view, "header", "flags") == ["QUERY RD"]
    view.side = "reply"
    assert "AA" in values(view, "header", "flags")[0].split()
    assert values(view, "answer", "pointer") == ["-> byte 12"]
    view.ask("www.example.org")
    assert "REFUSED" in values(view, "header", "flags")[0]
    view.side = "query"
    view.received({"hex": view.query.removesuffix("00 01 00 01") + "00 1c 00 01"})
    assert view.type == "AAAA"


def test_the_zone_that_the_pitfall_speaks_of_is_a_new_one():
    assert (SOA_TTL, SOA_TIMES.split()[-1]) == (900, "86400")


def test_the_text_to_keep_is_what_aws_takes(run):
    command, _, template = run["to-keep"].partition("\n\n")
    batch = json.loads(command.partition("--change-batch '")[2].rstrip("'"))
    change, = batch["Changes"]
    properties = json.loads(template)["Resources"]["App"]["Properties"]
    record = change["ResourceRecordSet"]
    assert (properties["Name"], properties["Type"], properties["TTL"]) == (
        f"{record['Name']}.", record["Type"], str(record["TTL"]))                                              # D21
    assert properties["ResourceRecords"] == [value["Value"] for value in record["ResourceRecords"]]
