"""What a spec says about datasets: ``datasets.Spirals(classes=3)``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.arrays import ArraysConfig as Arrays
from layerkit.builtin.arrow import ArrowConfig as Arrow
from layerkit.builtin.blobs import BlobsConfig as Blobs
from layerkit.builtin.csv import CsvConfig as Csv
from layerkit.builtin.discs import DiscsConfig as Discs
from layerkit.builtin.friedman import FriedmanConfig as Friedman
from layerkit.builtin.idx import IdxConfig as Idx
from layerkit.builtin.image_folder import ImageFolderConfig as ImageFolder
from layerkit.builtin.jsonl import JsonlConfig as Jsonl
from layerkit.builtin.npy import NpyConfig as Npy
from layerkit.builtin.npz import NpzConfig as Npz
from layerkit.builtin.parquet import ParquetConfig as Parquet
from layerkit.builtin.spirals import SpiralsConfig as Spirals
from layerkit.contracts.dataset import DATASETS
from layerkit.lookup import names_of, namespace

__all__ = [
    "Arrays",
    "Arrow",
    "Blobs",
    "Csv",
    "Discs",
    "Friedman",
    "Idx",
    "ImageFolder",
    "Jsonl",
    "Npy",
    "Npz",
    "Parquet",
    "Spirals",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(DATASETS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(DATASETS, __all__)})
