"""Designs of experiments: which points of a configuration's space a sweep looks at."""
