"""MNIST as plain arrays, read without Layerkit, so that a peer's memory and time are its own."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import numpy as np

Pixels: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Digits: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Floats: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

IMAGES_HEADER, LABELS_HEADER = 16, 8


@dataclass(frozen=True, slots=True)
class Part:
    """Images ``(n, 784)`` and their labels ``(n,)``."""

    images: Pixels
    labels: Digits

    def scaled(self) -> Floats:
        """Return the images as float32 from 0 to 1, which is how most people keep them."""
        floats: Floats = np.zeros(self.images.shape, np.float32)
        np.divide(self.images, np.float32(255), out=floats)
        return floats


def train_part() -> Part:
    """Return the 60,000 training images."""
    return _part("train")


def test_part() -> Part:
    """Return the 10,000 test images."""
    return _part("t10k")


def _part(name: str) -> Part:
    labels = _bytes(f"{name}-labels-idx1-ubyte.gz", LABELS_HEADER)
    images = _bytes(f"{name}-images-idx3-ubyte.gz", IMAGES_HEADER)
    return Part(images.reshape(len(labels), -1), labels.astype(np.int64))


def _bytes(name: str, header: int) -> Pixels:
    spec = find_spec("layerkit_mnist")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("layerkit-mnist is not installed; run 'make bench'")
    path = Path(spec.submodule_search_locations[0]) / "data" / name
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=header)
