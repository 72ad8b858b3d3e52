"""How good are the checks? Break the right programs a little, and see whether the check notices.

    reference  ->  mutants()  ->  each judged  ->  MutationReport(killed, survivors)

One change a mutant: a comparison, an operator, a constant, a condition, something left out. A mutant that passes is
either a gap in the check or a change without effect; the latter are named in Task.equivalent_mutants.

    python -m failover_kit.course.mutants [TASK ...]     the kill rate, and every survivor by name
"""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .judge import judge_program
from .seeds import Learner
from .tasks import Task, all_tasks, find_task

SECONDS = 2.0      # time limit of one mutant at least: most of those that hang do so at once
LEARNERS = (None, *(Learner("mutation", str(number)) for number in range(6)))

_COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
                ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
              ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
              ast.LShift: ast.RShift, ast.RShift: ast.LShift}
_KEPT = (ast.Pass, ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)   # statements that are never left out


@dataclass(frozen=True)
class Mutant:
    """A program with one change; `name` says which, "line 3: < becomes <="."""

    name: str
    source: str


@dataclass(frozen=True)
class MutationReport:
    """What became of one task's mutants. `idle` are the survivors that the task itself names as without effect."""

    task: str
    mutants: int
    survivors: tuple[str, ...]
    idle: tuple[str, ...]

    @property
    def killed(self) -> int:
        return self.mutants - len(self.survivors) - len(self.idle)


def kill_rate(reports: Sequence[MutationReport]) -> float:
    """Share of the mutants with an effect that were caught, 0 to 1; 1.0 if there are none."""
    effective = sum(report.mutants - len(report.idle) for report in reports)
    return sum(report.killed for report in reports) / effective if effective else 1.0


def mutation_report(task: Task) -> MutationReport:
    """Judge every mutant of a task's reference, with the default numbers and under six seeds. Any failure kills."""
    made = list(mutants(task.key.reference))
    alive = [mutant.name for mutant in made
             if all(judge_program(task, mutant.source, learner, seconds=max(SECONDS, task.seconds / 5)).passed
                    for learner in LEARNERS)]
    return MutationReport(task.id, len(made), tuple(name for name in alive if name not in task.equivalent_mutants),
                          tuple(name for name in alive if name in task.equivalent_mutants))


def mutants(source: str) -> Iterator[Mutant]:
    """Every program that differs from `source` by one small change, each once."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    names: dict[str, int] = {}
    documentation = {id(node.body[0].value) for node in ast.walk(tree)
                     if isinstance(getattr(node, "body", None), list) and node.body and _is_docstring(node.body[0])}
    for index, node in enumerate(ast.walk(tree)):
        if id(node) in documentation:
            continue
        for at, what, change in _changes(node):
            broken = copy.deepcopy(tree)
            change(next(found for place, found in enumerate(ast.walk(broken)) if place == index))
            text = ast.unparse(ast.fix_missing_locations(broken))
            if text not in seen:
                seen.add(text)
                name = f"line {getattr(at, 'lineno', 0)}: {what}"
                names[name] = names.get(name, 0) + 1
                yield Mutant(name if names[name] == 1 else f"{name} ({names[name]})", text)


def _changes(node: ast.AST) -> Iterator[tuple]:
    """(where, what, function that changes a copy of the node in place) for every change this node allows."""
    match node:
        case ast.Compare(ops=operators):
            for place, operator in enumerate(operators):
                other = _COMPARISONS[type(operator)]
                yield node, f"{_name(operator)} becomes {_name(other())}", _set_item("ops", place, other())
        case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
            other = _OPERATORS[type(operator)]
            yield node, f"{_name(operator)} becomes {_name(other())}", _set("op", other())
        case ast.BoolOp(op=operator):
            other = ast.Or if isinstance(operator, ast.And) else ast.And
            yield node, f"{_name(operator)} becomes {_name(other())}", _set("op", other())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, "not is undone", _set("operand", ast.UnaryOp(ast.Not(), copy.deepcopy(operand)))
        case ast.Constant(value=bool() as value):
            yield node, f"{value} becomes {not value}", _set("value", not value)
        case ast.Constant(value=int() | float() as value):
            yield node, f"{value} becomes {value + 1}", _set("value", value + 1)
            yield node, f"{value} becomes {value - 1}", _set("value", value - 1)
        case ast.Constant(value=str() as value):
            yield node, f"{value!r} becomes another text", _set("value", value + "?")
        case ast.List(elts=items, ctx=ast.Load()) | ast.Tuple(elts=items, ctx=ast.Load()):
            for place, item in enumerate(items):
                yield node, f"`{ast.unparse(item)}` is left out of the list", _drop(place, "elts")
        case ast.Dict(keys=keys):
            for place, key in enumerate(keys):
                what = f"`{ast.unparse(key) if key else '**'}` is left out of the dict"
                yield node, what, _drop(place, "keys", "values")
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield node, "the condition is reversed", _set("test", ast.UnaryOp(ast.Not(), copy.deepcopy(test)))
    body = getattr(node, "body", None)
    if isinstance(body, list):
        for place, statement in enumerate(body):
            if not isinstance(statement, _KEPT) and not _is_docstring(statement):
                what = f"`{ast.unparse(statement).splitlines()[0]}` is left out"
                yield statement, what, _set_item("body", place, ast.Pass())


def _set(field: str, value: object):
    return lambda node: setattr(node, field, value)


def _set_item(field: str, place: int, value: object):
    return lambda node: getattr(node, field).__setitem__(place, value)


def _drop(place: int, *fields: str):
    def change(node: ast.AST) -> None:
        for field in fields:
            del getattr(node, field)[place]
    return change


def _name(operator: ast.AST) -> str:
    return type(operator).__name__


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def main(arguments: Sequence[str] | None = None) -> int:
    """Report on the named tasks, or on all; the exit status is 1 if anything survives."""
    chosen = list(sys.argv[1:] if arguments is None else arguments)
    reports = [mutation_report(task) for task in (map(find_task, chosen) if chosen else all_tasks())]
    for report in reports:
        print(f"{report.task}: {report.killed} of {report.mutants} killed, {len(report.idle)} without effect")
        for name in report.survivors:
            print(f"    survives: {name}")
    print(f"kill rate {kill_rate(reports):.1%}")
    return 1 if any(report.survivors for report in reports) else 0


if __name__ == "__main__":
    raise SystemExit(main())
