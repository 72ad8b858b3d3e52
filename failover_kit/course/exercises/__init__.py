"""How each task is judged: one package a lesson, one module a task. The tasks' texts are in solutions/."""
