"""All that is found in the data of a spec."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layerkit.findings.codes import CHECKS, Finding
from layerkit.findings.columns import column_findings
from layerkit.findings.parts import DataParts, read_parts
from layerkit.findings.rows import row_findings
from layerkit.findings.shifts import part_findings
from layerkit.findings.statistics import Statistics, statistics_of
from layerkit.plan.network import NetworkPlan


@dataclass(frozen=True, slots=True)
class DataReport:
    """What is in the data of a spec, and what is found.

    Attributes
    ----------
    data
        The parts.
    train
        Figures of the columns of the rows to train on.
    findings
        In the order of their codes.
    """

    data: DataParts
    train: Statistics
    findings: tuple[Finding, ...]


def report_on(plan: NetworkPlan) -> DataReport:
    """Load the data of a spec and look at them.

    Raises
    ------
    DataError, FileError, PluginError
        If they cannot be loaded.
    """
    data = read_parts(plan)
    with np.errstate(all="ignore"):  # numbers of any size may be in a table
        train = statistics_of(data, data.train)
        found = [*column_findings(data, train), *row_findings(data), *part_findings(data)]
    return DataReport(data, train, tuple(sorted(found, key=lambda each: CHECKS.index(each.check))))
