"""The usual metric of a regression in scikit-learn."""

from layerkit import metrics

metrics.R2()
