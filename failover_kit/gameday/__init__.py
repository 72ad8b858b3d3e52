"""Game day: a design lives through ten disasters, is measured and judged, and learns what would have helped most.

    Design (zone, checks, capacity, data, runbook)  +  seed  ->  GameDayReport  ->  Improvements

    design = load_design("naive-design.json")
    report = game_day(design, seed=7)
    print(report.summary())
    print(improvements(report)[0].summary())

Reading order: `plans` and `design` are the nouns, `disasters` what happens; `stage` puts a design into a lab,
`incident`, `automation` and `people` act on it, `play` directs; `users`, `writers` and `losses` work out what it
meant, `measures` and `report` say so, `changes` and `improve` look for better.
"""

from .changes import changes
from .design import Design
from .disasters import KINDS, Disaster, campaign, disaster
from .improve import Improvement, game_day, improvements
from .measures import DisasterReport, suffer
from .plans import Action, Capacity, Clients, DataPlan, Objective, Runbook, Switch
from .report import GameDayReport
from .spelling import design_from_dict, design_to_dict, load_design

__all__ = [
    "Design", "Capacity", "DataPlan", "Runbook", "Action", "Clients", "Switch", "Objective",    # decide
    "load_design", "design_from_dict", "design_to_dict",                                        # write down
    "Disaster", "KINDS", "disaster", "campaign",                                                # suffer
    "game_day", "suffer", "GameDayReport", "DisasterReport",                                    # measure
    "improvements", "changes", "Improvement",                                                   # improve
]
