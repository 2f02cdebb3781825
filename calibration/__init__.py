"""Calibration: from the record to posterior draws, their checks and the backtest.

It reads the record and the rules that `sim` simulates, and hands back numbers;
nothing in `sim` but its command line knows that it exists.
"""
