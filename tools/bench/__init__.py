"""`make bench`: what rehearsals, previews and the load generator cost on this machine, as times and as ratios
taken in one run.

Ratios are of medians of alternating runs, because machines are noisy and get slower and faster as a whole.
"""
