"""`loadtest`: an open-loop load generator, its verdict and its report.

Every request has a time at which it is due, fixed before the test starts, and its latency counts from then on. A server
that stops answering for a second makes all requests due in that second late, and every one of them shows in the
percentiles. A closed loop, where the next request waits for the last answer, would send one and see one.
"""
