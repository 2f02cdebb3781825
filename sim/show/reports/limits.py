"""What the record cannot tell, whatever is run."""

LIMITS = (
    "Intent against inaccuracy: a miss may be restraint or a poor aim.",
    "Deterrence against backlash against stock against restraint: only their sum shows.",
    "Which cause ended the summer of 2020: one fall, six candidate causes.",
    "C-RAM against duds against reporting: intercept reports conflict.",
    "The share of attacks that stand behind front brands.",
    "Whether a blank hides harm: simulated reports are blanked as recorded rows are, whatever "
    "their harm, so part of the simulated casualties goes unreported.",
    "Anything above rung 8: counted where it happens, never a forecast.",
)
BRIEFLY = (
    "Nor intent against inaccuracy, deterrence against backlash, stock or restraint, which cause "
    "ended the summer of 2020, whose the front brands are, or anything above rung 8."
)
"""The same in a line, for a first screen."""
