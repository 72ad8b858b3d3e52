"""Whether the standby can carry everybody: capacity, clients that retry, and the rush after a switch.

    capacity and load  ->  cascade, response times        Standby + Clients  ->  rush: goodput over time
"""

from .capacity import capacity_needed, cascade, mean_response, share_slower_than, statically_stable
from .clients import AT_ONCE, BACKOFF, BACKOFF_WITH_JITTER, NEVER, Clients, Retry
from .rush import Standby, rush

__all__ = ["AT_ONCE", "BACKOFF", "BACKOFF_WITH_JITTER", "NEVER", "Clients", "Retry", "Standby", "capacity_needed", "cascade",
           "mean_response", "rush", "share_slower_than", "statically_stable"]
