"""`python -m sim` is `rungs`."""

from sim.cli import main

raise SystemExit(main())
