"""``python -m layerkit`` is ``layerkit``."""

import sys

from layerkit.cli import main

sys.exit(main())
