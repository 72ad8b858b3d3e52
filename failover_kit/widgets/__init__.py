"""Controls and live pictures for notebooks: thin views that hold no rule of their own.

Each widget is one small file with its JavaScript and CSS beside it. State lives in traits, so a page that is reloaded
finds it again; everything a page needs comes from the kernel, so nothing is fetched from elsewhere.
"""

from .button import Button
from .chart import Chart
from .choice import Choice
from .clock import Clock
from .frozen import without_live_views
from .live_view import LiveView
from .note import Note
from .packet import PacketView
from .panel import Panel, explore
from .progress import Progress
from .replay import Replay
from .slider import Slider
from .step_table import StepTable
from .toggle import Toggle
from .topology import Topology

__all__ = [
    "Slider", "Choice", "Toggle", "Button", "Clock",  # set and press
    "Chart", "Topology", "StepTable", "Note",         # see
    "PacketView",                                     # see and change
    "explore", "Panel",                               # both, joined
    "LiveView", "Replay",                             # a lab: as it runs, and told again
    "Progress",                                       # wait
    "without_live_views",                             # keep
]
