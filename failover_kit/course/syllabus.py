"""The seven lessons: their order, names and times. Every other part of the course counts by them.

    1, "1.2", "1.change-seen"  ->  Lesson(1, "DNS and traffic direction", ...)
"""

from __future__ import annotations

from dataclasses import dataclass

from failover_kit.errors import CourseError


@dataclass(frozen=True)
class Lesson:
    """One lesson: a notebook in lessons/, and one of the same name in exercises/ and solutions/."""

    number: int
    slug: str          # file name without number: "dns_and_traffic_direction"
    title: str
    minutes: int       # for the lesson itself, exercises not counted
    able_to: str       # what you can do after it
    game_day: int = 0  # minutes on top of the lesson, for the capstone at its end

    @property
    def notebook(self) -> str:
        """File name without folder or suffix: "01_dns_and_traffic_direction"."""
        return f"{self.number:02d}_{self.slug}"


LESSONS = (
    Lesson(1, "dns_and_traffic_direction", "DNS and traffic direction", 40,
           "read a DNS packet, and say who decides where a user goes"),
    Lesson(2, "disaster_recovery", "Disaster recovery", 45,
           "put an outage into numbers, and choose a strategy for stated objectives"),
    Lesson(3, "how_failover_works", "How failover works", 45,
           "run a failover, and name each step between the fault and the user who moves"),
    Lesson(4, "health_checks_and_records", "Health checks and failover records", 45,
           "build a check that sees what users see, and link it to a record"),
    Lesson(5, "routing_policies", "Primary, secondary and the other policies", 45,
           "predict what any tree of records answers, and shift traffic step by step"),
    Lesson(6, "limits_and_latency", "Limits and latency", 45,
           "budget the downtime of a failover, and choose a TTL for a price"),
    Lesson(7, "multi_region", "Multi-Region", 45,
           "fail over with data, and design a service that keeps its objectives", game_day=20),
)


def lesson(number: int) -> Lesson:
    """The lesson of this number; CourseError where there is none."""
    for entry in LESSONS:
        if entry.number == number:
            return entry
    raise CourseError(f"There is no lesson {number!r}. The course has lessons 1 to {LESSONS[-1].number}.")


def lesson_of(item: str) -> Lesson:
    """The lesson that a task ("1.2"), question or card ("1.change-seen") belongs to."""
    head = item.partition(".")[0]
    if not head.isdigit():
        raise CourseError(f"{item!r} does not start with a lesson's number. "
                          "Ids look like '1.2' or '1.change-seen'.")
    return lesson(int(head))
