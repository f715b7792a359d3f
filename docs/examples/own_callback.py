"""A callback of your own: a subclass of Callback with the events that you want."""

import layerkit as lk


class StopAtAccuracy(lk.Callback):
    """Stops once the validation examples are classified well enough."""

    def __init__(self, accuracy: float) -> None:
        self.accuracy = accuracy
        self.run: lk.Run | None = None

    def training_started(self, event: lk.TrainingStarted, run: lk.Run) -> None:
        """Keep the run, to stop it later."""
        self.run = run

    def epoch_ended(self, event: lk.EpochEnded) -> None:
        """Stop if it is time to."""
        if self.run is not None and event.validation["accuracy"] >= self.accuracy:
            self.run.stop(f"accuracy {self.accuracy:.0%} reached")


spec = lk.load_spec("specs/spirals.toml", ["data.validation=0.1"])
result = lk.train(spec, [StopAtAccuracy(0.95)])
print("stopped early:", result.stopped_early)
print("validation accuracy at the end:", result.history[-1].validation["accuracy"] >= 0.95)
