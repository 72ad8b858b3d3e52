"""Notices when a learner's code has changed the kit that judges it, and puts it back.

    Guard()  ->  changes(): names that are not what they were  ->  restore()

It watches the functions, classes and constants of the kit's modules, the built-in names, and the module table. That
stops the usual tricks (replacing a check, faking a module, redefining `print` or `sum`). It is no wall against somebody
who rewrites the interpreter's memory: for that, let only people you know hand in.
"""

from __future__ import annotations

import builtins
import random
import sys
from collections.abc import Iterable
from types import FunctionType, ModuleType
from typing import Any

WATCHED = (FunctionType, type, ModuleType)


class Guard:
    """A picture of the kit as it is now, and of `objects` with all that they hold."""

    def __init__(self, objects: Iterable[object] = (), prefix: str = "failover_kit"):
        self._modules = {name: module for name, module in sys.modules.items()
                         if module is not None and (name == prefix or name.startswith(prefix + "."))}
        owners = [*self._modules.values(), builtins, random.Random]
        classes = {value for module in self._modules.values() for value in vars(module).values()
                   if isinstance(value, type) and value.__module__.startswith(prefix)}
        self._members = [(owner, name, value) for owner in (*owners, *classes)
                         for name, value in list(vars(owner).items()) if _is_watched(name, value)]
        self._members += [(thing, name, value) for thing in objects for name, value in list(vars(thing).items())]
        functions = {id(f): f for _, _, value in self._members for f in _functions(value)}
        self._codes = [(f, f.__code__, f.__defaults__, f.__kwdefaults__ and dict(f.__kwdefaults__))
                       for f in functions.values()]

    def changes(self) -> list[str]:
        """What is not as it was, by name."""
        found = [f"sys.modules[{name!r}]" for name, module in self._modules.items() if sys.modules.get(name) is not module]
        found += [f"{_name(owner)}.{name}" for owner, name, value in self._members
                  if vars(owner).get(name, self) is not value]
        found += [f.__qualname__ for f, code, defaults, kwdefaults in self._codes
                  if (f.__code__, f.__defaults__, f.__kwdefaults__) != (code, defaults, kwdefaults)]
        return found

    def restore(self) -> list[str]:
        """Put everything back; returns what had been changed."""
        found = self.changes()
        if found:
            sys.modules.update(self._modules)
            for owner, name, value in self._members:
                if vars(owner).get(name, self) is not value:
                    put = setattr if isinstance(owner, (type, ModuleType)) else object.__setattr__
                    put(owner, name, value)
            for f, code, defaults, kwdefaults in self._codes:
                f.__code__, f.__defaults__, f.__kwdefaults__ = code, defaults, kwdefaults
        return found


def _is_watched(name: str, value: Any) -> bool:
    if name.startswith("__") and name != "__import__" and not isinstance(value, FunctionType):
        return False
    plain = isinstance(value, (int, float, str, tuple, frozenset)) and name.lstrip("_").isupper()
    return plain or isinstance(value, (*WATCHED, staticmethod, classmethod, property)) or callable(value)


def _functions(value: Any) -> list[FunctionType]:
    if isinstance(value, property):
        value = value.fget
    value = getattr(value, "__func__", value)
    value = getattr(value, "__wrapped__", value)
    return [value] if isinstance(value, FunctionType) else []


def _name(owner: Any) -> str:
    if isinstance(owner, type):
        return f"{owner.__module__}.{owner.__qualname__}"
    return owner.__name__ if isinstance(owner, ModuleType) else type(owner).__name__
