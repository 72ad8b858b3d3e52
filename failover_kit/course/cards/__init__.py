"""The cards for spaced recall: one module a lesson."""
