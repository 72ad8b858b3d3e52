"""Task 1.2: read the flags of a DNS header. Judged on packets that dnslib packs."""

from __future__ import annotations

from random import Random
from typing import Any

from dnslib import DNSHeader, DNSRecord

from failover_kit.course.misconceptions import diagnose
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

BIT_OF = {0: "qr", 5: "aa", 6: "tc", 7: "rd", 8: "ra"}   # position as RFC 1035 section 4.1.1 draws it
FIELDS = ("qr", "opcode", "aa", "tc", "rd", "ra", "rcode")
PACKETS = 40


def packet_with(word: int, identity: int = 0x1234) -> bytes:
    """A DNS message with these 16 flag bits and a question behind the header."""
    message = DNSRecord.question("app.example.com")
    message.header = DNSHeader(id=identity, bitmap=word, q=1)
    return message.pack()


def flags_of(word: int) -> dict[str, int]:
    """The fields of a flag word, read by dnslib."""
    header = DNSHeader(bitmap=word)
    return {name: int(getattr(header, name)) for name in FIELDS}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    words = [0x0100, 0x8580, 0x8183, 0x8200, *(random.getrandbits(16) & 0xFF8F for _ in range(PACKETS))]
    identities = [0x8180, *(random.getrandbits(16) for _ in words[1:])]
    for word, identity in zip(words, identities, strict=True):
        packet = packet_with(word, identity)
        said, right = answer(packet), flags_of(word)
        if not isinstance(said, dict):
            return not_quite(f"`flags` returned {said!r}. It should return a dict.", ask="Is there a `return`?")
        missing = [name for name in FIELDS if name not in said]
        if missing:
            return not_quite(f"The dict lacks {', '.join(missing)}.", ask="Which seven names does the task ask for?")
        wrong = [name for name in FIELDS if said[name] != right[name]]
        if wrong:
            return _explain(answer, packet, wrong)
    return passed("Two bytes, seven fields: the same two bytes that every resolver and server reads first.")


def _explain(answer: Any, packet: bytes, wrong: list[str]) -> Feedback:
    start = f"For a packet that begins {packet[:4].hex(' ')} these are wrong: {', '.join(wrong)}."

    def bit(word: int, position: int) -> int:
        return int(answer(packet_with(word))[BIT_OF[position]])

    belief = diagnose("header-bit", bit, [{"word": word, "position": position}
                                          for word in (0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x8183, 0x0500)
                                          for position in BIT_OF])
    if belief:
        return not_quite(start, belief.name)
    if answer(packet_with(0x0000, identity=0xFFFF)) != flags_of(0x0000):
        return not_quite(start, ask="All your flags change with the first two bytes. What do those two hold?")
    return not_quite(start, ask="Write the two flag bytes as 16 bits and put the names of the fields under them.")


_FIELDS_OF_WORD = '''
    return {"qr": word >> 15 & 1, "opcode": word >> 11 & 15, "aa": word >> 10 & 1, "tc": word >> 9 & 1,
            "rd": word >> 8 & 1, "ra": word >> 7 & 1, "rcode": word & 15}
'''

TASK = Task(
    id="1.2", title="The flags of a packet", points=3, kind=Kind.WRITE, minutes=10,
    answer="flags", expects="a function of one packet (bytes) that returns a dict of seven whole numbers",
    check=check,
    misconceptions=("bits-count-from-the-right", "low-byte-comes-first"),
    equivalent_mutants=("line 3: 2 becomes 1",),   # one byte more on the left, which the masks cut off again
    hints=("The header's first two bytes are the id. The flags are the two bytes after it.",
           "`int.from_bytes(packet[2:4], \"big\")` makes one 16-bit number of them. QR is its highest bit: "
           "shift the number right by 15.",
           "The fields from left to right are 1, 4, 1, 1, 1, 1, 3 and 4 bits wide. To read one, shift it down to the "
           "right end, then keep its width with `& 1` or `& 15`."),
    alternatives=(
        'def flags(packet):\n'
        '    high, low = packet[2], packet[3]\n'
        '    return {"qr": high // 128, "opcode": high // 8 % 16, "aa": high // 4 % 2, "tc": high // 2 % 2,\n'
        '            "rd": high % 2, "ra": low // 128, "rcode": low % 16}\n',
        'import struct\n'
        'def flags(packet):\n'
        '    bits = format(struct.unpack("!6H", packet[:12])[1], "016b")\n'
        '    return {"qr": int(bits[0]), "opcode": int(bits[1:5], 2), "aa": int(bits[5]), "tc": int(bits[6]),\n'
        '            "rd": int(bits[7]), "ra": int(bits[8]), "rcode": int(bits[12:], 2)}\n'),
    wrong_answers=(
        WrongAnswer('def flags(packet):\n'
                    '    word = int.from_bytes(packet[2:4], "big")\n'
                    '    return {"qr": word & 1, "opcode": word >> 1 & 15, "aa": word >> 5 & 1, "tc": word >> 6 & 1,\n'
                    '            "rd": word >> 7 & 1, "ra": word >> 8 & 1, "rcode": word >> 12 & 15}\n',
                    "bits-count-from-the-right"),
        WrongAnswer('def flags(packet):\n    word = int.from_bytes(packet[2:4], "little")' + _FIELDS_OF_WORD,
                    "low-byte-comes-first"),
        WrongAnswer('def flags(packet):\n    word = int.from_bytes(packet[0:2], "big")' + _FIELDS_OF_WORD),
        WrongAnswer('def flags(packet):\n'
                    '    return {"qr": 0, "opcode": 0, "aa": 0, "tc": 0, "rd": 1, "ra": 0, "rcode": 0}\n'),
        WrongAnswer('def flags(packet):\n    return packet[2] & 1, packet[3] & 15\n'),
        WrongAnswer('def flags(packet):\n    return {"qr": packet[2] >> 7}\n')),
)
