"""Environment variables that would choose for the libraries that are measured."""

from __future__ import annotations

from collections.abc import MutableMapping

PREFIXES = (
    "ATEN_",
    "BLIS_",
    "DNNL_",
    "GOTO_",
    "KMP_",
    "MKL_",
    "NPY_",
    "OMP_",
    "ONEDNN_",
    "OPENBLAS_",
    "VECLIB_",
    "XLA_",
)
"""Variables that set kernels and threads of BLAS, OpenMP, oneDNN, NumPy, PyTorch and XLA."""


def let_libraries_choose(environment: MutableMapping[str, str]) -> None:
    """Take such variables out, so that every library does what it does for most of its users.

    That holds for processes started from then on, which do all that is timed.
    """
    for name in [name for name in environment if name.startswith(PREFIXES)]:
        del environment[name]
