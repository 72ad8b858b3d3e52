"""`python -m failover_kit` is the same as the `failover-kit` command."""

from .cli import main

main()
