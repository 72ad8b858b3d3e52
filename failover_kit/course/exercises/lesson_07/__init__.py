"""The graded tasks of lesson 7."""

from . import data_age, fence_rule, hand_switch, own_design, room_for_all, safety_rules, way_back

TASKS = (data_age.TASK, room_for_all.TASK, way_back.TASK, safety_rules.TASK, fence_rule.TASK, hand_switch.TASK,
         own_design.TASK)
"""Their order in the notebook."""
