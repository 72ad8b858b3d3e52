"""Grades notebooks, one or a class of them, safely and in seconds.

    paths  ->  submissions  ->  sheet (cells)  ->  worker (a process of its own, limited and guarded)  ->  gradebook

    from failover_kit.course.grading import grade, find_submissions, Gradebook

A submission is never changed, its outputs and check cells are never believed: the checks are the kit's own.
"""

from .gradebook import Gradebook
from .grader import Settings, grade, grade_one
from .results import Grade, TaskGrade
from .submissions import Submission, find_submissions

__all__ = ["Grade", "Gradebook", "Settings", "Submission", "TaskGrade", "find_submissions", "grade", "grade_one"]
