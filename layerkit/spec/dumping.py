"""A spec written out with every default, so that the file alone says what was run."""

from __future__ import annotations

import tomli_w

from layerkit.spec.models import ModelSpec


def to_toml(spec: ModelSpec) -> str:
    """Return the spec as TOML, every default written; absent keys are those without a value."""
    return tomli_w.dumps(spec.model_dump(mode="json", exclude_none=True))
