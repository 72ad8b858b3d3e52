"""Designs to try things on, and what a single disaster does to them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
