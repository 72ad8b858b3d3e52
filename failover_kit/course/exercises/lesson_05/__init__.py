"""Tasks of lesson 5: a truth table, weights, a map, a tree of your own, a broken tree, a staged failback, health."""

from . import gradual_shift, healthy_branch, map_with_gaps, own_tree, truth_table, two_regions, weighted_shares

TASKS = (truth_table.TASK, weighted_shares.TASK, map_with_gaps.TASK, own_tree.TASK, two_regions.TASK,
         gradual_shift.TASK, healthy_branch.TASK)
