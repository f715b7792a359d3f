"""The history of a run as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Literal, final

from layerkit.plugin import (
    CallbackConfig,
    ConfiguredCallback,
    EpochEnded,
    Run,
    RunLog,
    State,
    TrainingStarted,
)


class CsvHistoryConfig(CallbackConfig):
    """Write the figures of every epoch to ``history.csv``, for spreadsheets.

    The file is in the run directory and has a line an epoch, with the columns ``epoch``, ``step``,
    ``learning_rate``, ``seconds``, ``train_loss``, ``train_penalty`` and, where there are
    validation examples, ``validation_loss`` and ``validation_`` with the name of every other
    figure. ``history.jsonl`` has the same without this. Keras' ``CSVLogger`` writes ``val_`` where
    this writes ``validation_``.

    References
    ----------
    RFC 4180, Common Format and MIME Type for Comma-Separated Values (CSV) Files.
    """

    type: Literal["csv_history"] = "csv_history"


@final
class CsvHistory(ConfiguredCallback[CsvHistoryConfig]):
    """See `CsvHistoryConfig`."""

    def __init__(self, config: CsvHistoryConfig) -> None:
        super().__init__(config)
        self._log = RunLog("history.csv")

    def state(self) -> State:
        """Return what of the file is written."""
        return self._log.state

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Begin the file."""
        self._log.start(run.directory)

    def epoch_ended(self, event: EpochEnded) -> None:
        """Write the line of the epoch, the first time after the names of the columns."""
        row: dict[str, object] = {
            "epoch": event.epoch,
            "step": event.step,
            "learning_rate": event.learning_rate,
            "seconds": round(event.seconds, 3),
            **{f"train_{name}": value for name, value in event.train.items()},
            **{f"validation_{name}": value for name, value in event.validation.items()},
        }
        if event.epoch == 1:
            self._log.add(_line([*row]))
        self._log.add(_line([*row.values()]))
        self._log.write()


def _line(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
