from __future__ import annotations

import pytest

from layerkit.new_plugin.templates.schedule import PlaceholderConfig
from layerkit.plugin import ScheduleContext


def test_the_rate_changes_from_epoch_to_epoch() -> None:
    config = PlaceholderConfig(factor=0.5)
    schedule = config.build(ScheduleContext(start=0.8, steps_per_epoch=2, epochs=3))
    rates = [schedule(step) for step in range(6)]
    assert rates == pytest.approx([0.8, 0.8, 0.4, 0.4, 0.2, 0.2])
