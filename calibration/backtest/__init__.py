"""Forecasts of what was not seen, scored against what came, beside simple ones.

Each Monday of a window: replay the record to that day, simulate ahead, and lay the counts
and the rungs beside the record's own. Nothing here is tuned.
"""
