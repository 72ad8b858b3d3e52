"""Tasks of lesson 1: what a cache returns, what a packet says, who asks whom."""

from . import cached_reply, header_flags, lookup_order

TASKS = (cached_reply.TASK, header_flags.TASK, lookup_order.TASK)
