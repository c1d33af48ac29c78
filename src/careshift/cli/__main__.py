"""Run the command line as python -m careshift.cli."""

from careshift.cli import main

main()
