"""Tasks of lesson 6, in the order of the notebook."""

from . import (
    average_of_a_mix,
    cheapest_ttl,
    culprits_in_a_log,
    expiry_rule,
    hole_of_a_minute,
    lower_in_time,
    two_formulas,
)

TASKS = (two_formulas.TASK, lower_in_time.TASK, culprits_in_a_log.TASK, cheapest_ttl.TASK, hole_of_a_minute.TASK,
         expiry_rule.TASK, average_of_a_mix.TASK)
