"""Shared by all tests: where nothing may be skipped, a skipped test is a failed one; Ctrl-C reaches what they start."""

import os
import signal
import threading

import pytest

# A test run in the background of a script is started with Ctrl-C ignored, and would hand that on to every server it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With FAILOVER_KIT_NO_SKIPS set (as in .ci/run) a missing peer server or browser is a failure, not a skip."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("FAILOVER_KIT_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {report.longrepr}"
