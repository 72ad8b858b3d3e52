"""What survives a failover: stores that replicate, who may write where, and what was lost.

    writes    ->  store (logfile, fencing)  ->  replication  ->  report (lost, stranded, conflicting, stale; RPO)

`drill` runs it all through an outage in virtual time. Pure but for the SQLite files; `now` comes with every call.
"""

from .drill import DataScenario, run_data_drill
from .fencing import Leadership
from .replication import Replication, fail_over, rejoin, switch_over
from .report import compare
from .store import Store

__all__ = ["DataScenario", "Leadership", "Replication", "Store", "compare", "fail_over", "rejoin", "run_data_drill",
           "switch_over"]
