"""Task 1.7 (stretch): read a name out of a packet, pointers and all. Judged on replies of the lab and of dnslib."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from dnslib import CNAME, NS, QTYPE, RR, DNSRecord

from failover_kit import Lab, Question
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, Verdict, not_quite, passed
from failover_kit.octets import HEADER, name_of, number, read_name, read_record
from failover_kit.wire import encode_query

WORDS = ("app", "shop", "mail", "static", "login", "status", "berlin", "api", "beta", "checkout")
MANY = 24                     # records: enough for pointers beyond byte 255


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for packet, offset in places(random):
        right = name_of(read_name(packet, offset)[0]).rstrip(".")
        said = answer(packet, offset)
        if said != right:
            return _explain(packet, offset, said)
    for packet, offset in circles():
        try:
            said = answer(packet, offset)
        except ValueError:
            continue
        return not_quite(f"At byte {offset} of a packet, the pointers go round in a circle. Your function returned "
                         f"{said!r}.", ask="How could your function notice that it has been at this byte before?")
    return passed("You have read names as every DNS program must: length by length, pointer by pointer, and without "
                  "trusting the sender.")


def places(random: Random) -> Iterator[tuple[bytes, int]]:
    """Packets, each with the offsets at which names begin in it."""
    labels = random.sample(WORDS, 6)
    with Lab.virtual() as lab:
        for label in labels[:3]:
            lab.simple(f"{label}.{labels[3]}.example.com", "192.0.2.10")
            packet = lab.send(encode_query(Question(f"{label}.{labels[3]}.example.com."), id=random.getrandbits(16)))
            yield from ((packet, offset) for offset in names_in(packet))
        packet = lab.send(encode_query(Question("nowhere.example.com."), id=random.getrandbits(16)))
        yield from ((packet, offset) for offset in names_in(packet))
    long = long_reply(labels, random)
    yield from ((long, offset) for offset in names_in(long))


def long_reply(labels: list[str], random: Random) -> bytes:
    """A reply packed by dnslib, which points to any earlier name: pointers to pointers, and beyond byte 255."""
    message = DNSRecord.question("www.example.com").reply()
    message.add_answer(RR("www.example.com", QTYPE.CNAME, ttl=60, rdata=CNAME(f"{labels[0]}.example.com")))
    for place in range(MANY):
        zone = f"{random.choice(labels)}{place}.{labels[4]}.example.org"
        message.add_auth(RR(zone, QTYPE.NS, ttl=60, rdata=NS(f"ns{place}.{zone}")))
    return message.pack()


def names_in(packet: bytes) -> Iterator[int]:
    """Where the names of the question and of each record begin, and those in the values of NS and CNAME records."""
    yield HEADER
    offset = read_name(packet, HEADER)[1] + 4
    for _ in range(number(packet, 6, 2) + number(packet, 8, 2)):
        yield offset
        record = read_record(packet, offset)
        if record.type in (QTYPE.NS, QTYPE.CNAME):
            yield record.start
        offset = record.end


def circles() -> Iterator[tuple[bytes, int]]:
    """Packets of an attacker: a pointer to itself, two that point to each other, and a label on the way round."""
    head = bytes(HEADER)
    yield head + b"\xc0\x0c", HEADER
    yield head + b"\xc0\x0e\xc0\x0c", HEADER
    yield head + b"\x01a\xc0\x0c", HEADER
    yield bytes(300) + b"\x01a\xc1\x2c", 300


def _explain(packet: bytes, offset: int, said: Any) -> Feedback:
    start = f"For the name at byte {offset} of a packet of {len(packet)} bytes you returned {said!r}."
    if not isinstance(said, str):
        return not_quite(start, ask="What should be returned: text, with a dot between two labels?")
    if offset == HEADER:
        return not_quite(start, ask="No pointer is in this name. After each length byte, which bytes are the label?")
    if said.endswith("."):
        return not_quite(start, ask="Between which parts does a dot stand, and is there one after the last?")
    if number(packet, offset, 1) & 0xC0 != 0xC0 and "." not in said:
        return not_quite(start, ask="This name starts with a label and goes on elsewhere. What follows the label?")
    return not_quite(start, ask="A pointer takes two bytes: which of their 16 bits belong to the byte number?")


_LOOP = ('    labels, seen = [], set()\n'
         '    while packet[offset]:\n'
         '        if offset in seen:\n'
         '            raise ValueError("a circle")\n'
         '        seen.add(offset)\n')
_LABEL = ('        labels.append(packet[offset + 1:offset + 1 + packet[offset]].decode("latin-1"))\n'
          '        offset += 1 + packet[offset]\n'
          '    return ".".join(labels)\n')
_POINTER = ('        if packet[offset] >= 192:\n'
            '            offset = (packet[offset] - 192) * 256 + packet[offset + 1]\n'
            '            continue\n')
_HEAD = 'def read(packet, offset):\n'

TASK = Task(
    id="1.7", title="Names in pieces", points=4, kind=Kind.WRITE, minutes=6, stretch=True,
    answer="read", expects="a function of a packet (bytes) and a byte number that returns a name as text",
    check=check,
    hints=("Without pointers: read a length, take that many bytes, move behind them, until the length is 0. Write "
           "this first.",
           "A byte of 192 or more is no length. With the byte after it, it makes a 16-bit number; take away the two "
           "highest bits, `& 0x3FFF`, and what is left is where the name goes on.",
           "Keep a set of the bytes at which you have been. To come to one of them again means a circle: "
           "`raise ValueError`."),
    alternatives=(
        _HEAD + _LOOP + _POINTER + _LABEL,
        'def read(packet, offset, left=127):\n'
        '    if not left:\n'
        '        raise ValueError("too many pieces")\n'
        '    length = packet[offset]\n'
        '    if length >> 6 == 3:\n'
        '        return read(packet, (length & 63) << 8 | packet[offset + 1], left - 1)\n'
        '    if length == 0:\n'
        '        return ""\n'
        '    rest = read(packet, offset + 1 + length, left - 1)\n'
        '    return packet[offset + 1:offset + 1 + length].decode("ascii") + ("." + rest if rest else "")\n'),
    wrong_answers=(
        WrongAnswer(_HEAD + '    labels = []\n    while packet[offset]:\n' + _LABEL,      # knows no pointers
                    verdict=Verdict.RAISED),
        WrongAnswer(_HEAD + _LOOP + _POINTER.replace("(packet[offset] - 192) * 256 + packet[offset + 1]",
                                                     "packet[offset + 1]") + _LABEL),
        WrongAnswer(_HEAD + _LOOP + _POINTER.replace("            continue\n", "            break\n") + _LABEL),
        WrongAnswer(_HEAD + _LOOP + _POINTER + _LABEL.replace('".".join(labels)', '"".join(l + "." for l in labels)')),
        WrongAnswer(_HEAD + _LOOP + _POINTER + _LABEL.replace('".".join(labels)', 'labels')),
        WrongAnswer(_HEAD + '    labels = []\n    while packet[offset]:\n' + _POINTER + _LABEL,
                    verdict=Verdict.RAN_TOO_LONG),
        WrongAnswer(_HEAD + _LOOP.replace('raise ValueError("a circle")', 'return "circle"') + _POINTER + _LABEL),
        WrongAnswer(_HEAD + '    return "www.example.com"\n')),
    equivalent_mutants=("line 9: 192 becomes 191",          # no byte between 64 and 191 begins a piece of a name
                        "line 6: 'the pointers come back to byte ' becomes another text"),
    seconds=2.0,
)
