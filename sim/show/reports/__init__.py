"""Reports: one self-contained page of any study, its verdict first."""
