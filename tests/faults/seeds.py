"""Faults in our own saving and resuming code, to see whether the fault tests find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Seed:
    """A fault that is put into a copy of Layerkit.

    Attributes
    ----------
    name
        What it does.
    check
        Which of `tests.faults.checks.CHECKS` is to find it.
    file
        Below ``layerkit``.
    changes
        What is replaced by what; each text is in the file exactly once.
    """

    name: str
    check: str
    file: str
    changes: Sequence[tuple[str, str]]

    def sow(self, package: Path) -> None:
        """Change the copy.

        Raises
        ------
        ValueError
            If the code has changed, so that the fault must be written anew.
        """
        path = package / self.file
        text = path.read_text("utf-8")
        for old, new in self.changes:
            if text.count(old) != 1:
                raise ValueError(
                    f"{self.name}: expected once in {self.file}, found {text.count(old)} times: "
                    f"{old!r}"
                )
            text = text.replace(old, new)
        path.write_text(text, "utf-8")


_ATOMIC, _CHECKPOINT = "formats/atomic.py", "engine/checkpoint.py"
_CHECKPOINTS, _RECORD, _RUN = "runs/checkpoints.py", "runs/record.py", "runs/run.py"
_FILES, _TRAINER, _LOCKS = "formats/run_files.py", "engine/trainer.py", "runs/locks.py"
_WEIGHTS = "formats/weights.py"
_SYNC = "                os.fsync(file.fileno())\n"
_RENAME = "            partial.replace(path)\n"

SEEDS = (
    Seed("no fsync of a file", "order", _ATOMIC, [(f"{_SYNC}{_RENAME}", _RENAME)]),
    Seed(
        "no fsync of the directory",
        "order",
        _ATOMIC,
        [
            (
                "unlink(missing_ok=True)\n            raise\n        sync_directory(path.parent)\n",
                "unlink(missing_ok=True)\n            raise\n",
            )
        ],
    ),
    Seed("rename before fsync", "order", _ATOMIC, [(f"{_SYNC}{_RENAME}", f"    {_RENAME}{_SYNC}")]),
    Seed(
        "fsync before the buffer is written",
        "order",
        _ATOMIC,
        [
            (
                "                file.write(content)\n                file.flush()\n",
                "                file.write(content)\n",
            )
        ],
    ),
    Seed(
        "written in place", "order", _ATOMIC, [('path.with_name(f"{path.name}{PARTIAL}")', "path")]
    ),
    Seed(
        "half of a file written",
        "steps",
        _ATOMIC,
        [
            (
                "file.write(content)\n                file.flush",
                "file.write(content[: len(content) // 2])\n                file.flush",
            )
        ],
    ),
    Seed(
        "an error of a write swallowed",
        "errors",
        _ATOMIC,
        [
            (
                '        raise FileError(f"{path}: cannot write: {error.strerror}") from error\n\n\n'
                "def write_directory_atomically",
                "        return\n\n\ndef write_directory_atomically",
            )
        ],
    ),
    Seed(
        "an unfinished file left",
        "errors",
        _ATOMIC,
        [
            (
                "                partial.unlink(missing_ok=True)\n            raise",
                "                pass\n            raise",
            )
        ],
    ),
    Seed(
        "half a line left in the history",
        "sizes",
        _ATOMIC,
        [("            file.truncate(end)\n", "")],
    ),
    Seed(
        "a short write not seen",
        "sizes",
        _ATOMIC,
        [("if written < len(content):", "if written < 0:")],
    ),
    Seed(
        "no fsync of the history",
        "order",
        _RECORD,
        [("            self.directory.sync_history()\n", "")],
    ),
    Seed(
        "the history not cut at the checkpoint",
        "kills",
        _RECORD,
        [
            (
                "        self.directory.write_history(self._history)\n",
                "        self.directory.sync_history()\n",
            )
        ],
    ),
    Seed(
        "another spec before its manifest",
        "kills",
        _RECORD,
        [
            (
                "        if self.is_resumed:\n            self.note",
                "        if False:\n            self.note",
            )
        ],
    ),
    Seed(
        "finished before the weights are saved",
        "kills",
        _RECORD,
        [
            (
                "            self.write_best()\n            self._save",
                "            self._end(status)\n            self.write_best()\n            self._save",
            )
        ],
    ),
    Seed(
        "an error at the end swallowed",
        "errors",
        _RECORD,
        [
            (
                "            raise\n        self._end(status)",
                "            return\n        self._end(status)",
            )
        ],
    ),
    Seed(
        "weights not saved",
        "errors",
        _RECORD,
        [('self._facts["model_sha256"] = self.directory.save_weights(arrays)', "self.finite")],
    ),
    Seed(
        "the old checkpoint removed before the new is written",
        "kills",
        _CHECKPOINTS,
        [
            (
                "        self._directory.remove_old(self._policy.keep)\n",
                "        self._directory.remove_old(0)\n",
            )
        ],
    ),
    Seed(
        "the oldest checkpoint taken for the newest",
        "kills",
        _CHECKPOINTS,
        [("sorted(found, reverse=True)", "sorted(found)")],
    ),
    Seed(
        "checkpoints not saved when asked to end",
        "signals",
        _CHECKPOINTS,
        [
            (
                " or (every is not None and event.step % every == 0) or self._interruption.error",
                " or (every is not None and event.step % every == 0)",
            ),
            (
                "(every is not None and event.epoch % every == 0) or self._interruption.error",
                "every is not None and event.epoch % every == 0",
            ),
        ],
    ),
    Seed(
        "the lock not taken",
        "races",
        _LOCKS,
        [
            (
                "        lock.acquire(timeout=0)\n    except Timeout as",
                "        pass\n    except Timeout as",
            )
        ],
    ),
    Seed(
        "files of another run not seen",
        "races",
        _LOCKS,
        [
            (
                "    if _names(path):\n        raise UsageError",
                "    if not path:\n        raise UsageError",
            )
        ],
    ),
    Seed(
        "the lock not taken by resume",
        "races",
        _RUN,
        [("    with files.locked():\n        stored", "    for _ in (files,):\n        stored")],
    ),
    Seed(
        "a damaged checkpoint not passed over",
        "fallback",
        "runs/recovery.py",
        [("        except (DataError, FileError) as error:", "        except FileError as error:")],
    ),
    Seed(
        "signals not awaited while saving",
        "signals",
        _RUN,
        [
            (
                "            record.close(_status(interruption.error))",
                "            interruption.is_awaited = False\n            record.close(_status(interruption.error))",
            )
        ],
    ),
    Seed(
        "a paused run not closed",
        "signals",
        _RUN,
        [("            record.close(_status(interruption.error))\n", "")],
    ),
    Seed(
        "a signal not heard",
        "signals",
        "interrupts.py",
        [("        self._interruption.request(error)\n", "")],
    ),
    Seed(
        "SIGHUP not heard",
        "signals",
        "cli/signals.py",
        [('("SIGINT", "SIGTERM", "SIGHUP")', '("SIGINT", "SIGTERM")')],
    ),
    Seed(
        "the third signal not heeded",
        "signals",
        "interrupts.py",
        [(" or self._arrived > PATIENCE:", ":")],
    ),
    Seed(
        "the checksum of a checkpoint not compared",
        "flips",
        _WEIGHTS,
        [("if checksum != _checksum(note, arrays):", "if False:")],
    ),
    Seed(
        "the note not in the checksum",
        "flips",
        _WEIGHTS,
        [("hashlib.sha256(note.encode())", "hashlib.sha256()")],
    ),
    Seed(
        "the weights' checksum not compared",
        "flips",
        _FILES,
        [("if expected != file_sha256(run / WEIGHTS):", "if False:")],
    ),
    Seed(
        "the spec's checksum not compared",
        "flips",
        "runs/directory.py",
        [('if self.read_manifest().get("spec_sha256") != self.spec_sha256():', "if False:")],
    ),
    Seed(
        "the manifest's checksum not compared",
        "flips",
        "formats/checked_json.py",
        [("if end is None or end[1] !=", "if end is None and end !=")],
    ),
    Seed(
        "the optimizer's slots forgotten",
        "steps",
        _CHECKPOINT,
        [('own | {f"slot {name}": slot for name, slot in slots.items()}', "own")],
    ),
    Seed(
        "the layers' state forgotten",
        "steps",
        _CHECKPOINT,
        [(', "state": storage.state_vector}', "}")],
    ),
    Seed(
        "the history forgotten",
        "steps",
        _CHECKPOINT,
        [("numbers, tuple(history), _layout", "numbers, (), _layout")],
    ),
    Seed(
        "numbers of components forgotten",
        "steps",
        _TRAINER,
        [
            (
                '{"progress": self._progress} | component_states(self._schedule, self._step.update)',
                '{"progress": self._progress}',
            )
        ],
    ),
    Seed(
        "the schedule forgotten",
        "steps",
        _TRAINER,
        [
            (
                "| component_states(self._schedule, self._step.update)",
                '| {n: s for n, s in component_states(self._schedule, self._step.update).items() if n != "schedule"}',
            )
        ],
    ),
    Seed(
        "callbacks' state forgotten",
        "steps",
        _TRAINER,
        [
            (
                "            resumed.restore_callbacks(callback_states(self._callbacks))\n",
                "            pass\n",
            )
        ],
    ),
    Seed(
        "the position in the epoch forgotten",
        "steps",
        _TRAINER,
        [("done = progress.step - (epoch - 1) * self._steps_per_epoch", "done = 0")],
    ),
    Seed(
        "the sums of the epoch forgotten",
        "steps",
        _TRAINER,
        [
            (
                "        left = order[done * self._batch_size :]\n",
                "        left = order[done * self._batch_size :]\n        progress.loss = 0.0\n",
            )
        ],
    ),
    Seed(
        "the generators forgotten",
        "steps",
        "randomness.py",
        [("        self._counter[3] = step\n", "        self._counter[3] += 1\n")],
    ),
    Seed(
        "the order of an epoch forgotten",
        "steps",
        _TRAINER,
        [
            (
                "self._network.spec.seed, epoch)",
                "self._network.spec.seed, epoch - (self._resumed is not None))",
            )
        ],
    ),
    Seed(
        "the exit code of an error 0",
        "errors",
        "cli/exits.py",
        [("        return error.exit_code\n", "        return 0\n")],
    ),
)
"""What is put into copies of Layerkit, each by itself."""

NOT_FOUND = frozenset({"the third signal not heeded"})
"""Faults that this suite does not find: ``tests/cli/test_signals.py`` does."""

SAMPLE = frozenset(
    {
        "no fsync of a file",
        "an error of a write swallowed",
        "another spec before its manifest",
        "the optimizer's slots forgotten",
        "the checksum of a checkpoint not compared",
        "the lock not taken",
    }
)
"""What the short form tries."""
