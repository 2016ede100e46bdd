"""``python -m devtools.launch``: see the package."""

import sys

from devtools.launch.command import main

sys.exit(main())
