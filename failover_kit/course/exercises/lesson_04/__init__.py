"""Tasks of lesson 4: what passes, what a check sees, how fast and how calm it is, and what links it to a record."""

from . import bug_catcher, calculated_count, mean_times, pass_or_fail, probe_judge, steady_settings, three_shops

TASKS = (pass_or_fail.TASK, bug_catcher.TASK, steady_settings.TASK, calculated_count.TASK, three_shops.TASK,
         probe_judge.TASK, mean_times.TASK)
