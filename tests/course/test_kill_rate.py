"""The checks of all tasks tell a right program from one that differs by a small change."""

from failover_kit.course.mutants import kill_rate, mutation_report
from failover_kit.course.tasks import all_tasks

WANTED_KILL_RATE = 0.95


def test_mutants_of_the_references_are_caught():
    tasks = all_tasks()
    reports = [mutation_report(task) for task in tasks]
    survivors = [f"{report.task}, {name}" for report in reports for name in report.survivors]
    assert kill_rate(reports) > WANTED_KILL_RATE, "\n".join(survivors)
    for task, report in zip(tasks, reports, strict=True):
        assert set(report.idle) == set(task.equivalent_mutants), "a mutant is named that does not exist or is caught"
