from __future__ import annotations

from layerkit.testing import suite

test_components = suite("layerkit-sequence", checks=393)
