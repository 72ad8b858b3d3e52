"""Tasks of lesson 2: availability, recovery time, the age of data, two runbooks, a strategy, and shared parts."""

from . import (
    data_age,
    design_availability,
    missing_step,
    recovery_from_log,
    runbook_order,
    shared_parts,
    strategy_choice,
)

TASKS = (
    design_availability.TASK, recovery_from_log.TASK, data_age.TASK, runbook_order.TASK, missing_step.TASK,
    strategy_choice.TASK, shared_parts.TASK)
