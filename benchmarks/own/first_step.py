"""Does what ``layerkit run`` does, up to the end of the first step, and leaves at once."""

from __future__ import annotations

import os
import sys
from typing import final

from layerkit import load_spec, run
from layerkit.cli.app import application
from layerkit.contracts.callback import Callback
from layerkit.contracts.events import StepEnded


@final
class LeaveAtOnce(Callback):
    """Ends the process after a step."""

    def step_ended(self, event: StepEnded) -> None:
        """Leave."""
        del event
        os._exit(0)


if __name__ == "__main__":
    application(print)  # for the time that the command takes to get there
    spec_path, out = sys.argv[1:]
    run(load_spec(spec_path), out, [LeaveAtOnce()])
