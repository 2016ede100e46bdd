"""``python -m devtools.services``: see the package."""

import sys

from devtools.services.command import main

sys.exit(main(sys.argv[1:]))
