"""`python -m rampviewer` is the command `rampviewer`."""

import sys

from rampviewer.cli import main

if __name__ == "__main__":
    sys.exit(main())
