"""The questions that a learner commits an answer to before an experiment: one module a lesson."""
