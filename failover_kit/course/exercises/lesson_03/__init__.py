"""Tasks of lesson 3: the order of a failover, its two planes, its seconds, a checker's rule, a broken pair, a log."""

from . import checker_rule, detection_time, failover_order, log_reader, pair_that_stays, planes, who_moves_when

TASKS = (failover_order.TASK, planes.TASK, who_moves_when.TASK, detection_time.TASK, checker_rule.TASK,
         pair_that_stays.TASK, log_reader.TASK)
