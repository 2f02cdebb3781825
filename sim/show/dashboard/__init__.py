"""The dashboard: reads `outputs/`, starts runs as commands of their own, draws what came of it.

It holds no state: what a page shows stands in its address and its fields, what runs stands in
`outputs/`. So an open page goes on after the server was started anew.
"""
