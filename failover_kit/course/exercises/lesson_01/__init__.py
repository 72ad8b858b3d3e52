"""Tasks of lesson 1: what a cache returns, what a packet says, who asks whom, and what a zone answers."""

from . import broken_zone, cached_reply, header_flags, lookup_order, packed_names, tiny_authority, zone_to_order

TASKS = (cached_reply.TASK, header_flags.TASK, lookup_order.TASK, zone_to_order.TASK, broken_zone.TASK,
         tiny_authority.TASK, packed_names.TASK)
