"""The studies from the command line; see :mod:`careshift.interruption.coverage`."""

import sys

from careshift.interruption.coverage.study import main

if __name__ == "__main__":
    sys.exit(main())
