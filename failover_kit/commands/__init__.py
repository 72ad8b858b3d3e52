"""One module a verb of the command line. Each loads what it needs only when it runs."""
