"""The four files of MNIST and their checksums."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from layerkit.plugin import DataError, FileError, Values, read_idx

_REINSTALL = "install layerkit-mnist again: pip install --force-reinstall layerkit-mnist"


@dataclass(frozen=True, slots=True)
class MnistFile:
    """A gzip-compressed IDX file, and the MD5 of what is in it."""

    name: str
    md5: str

    def read(self, directory: Traversable) -> Values:
        """Return the file's array, once its checksum is right.

        Raises
        ------
        DataError
            If the file is not what it was when it was packed.
        FileError
            If it cannot be read.
        """
        path = directory / self.name
        try:
            packed = path.read_bytes()
        except OSError as error:
            raise FileError(f"{path}: cannot be read: {error}; {_REINSTALL}") from error
        try:
            data = gzip.decompress(packed)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(
                f"{path}: expected MD5 {self.md5}, found damaged gzip data: {error}; {_REINSTALL}"
            ) from error
        found = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if found != self.md5:
            raise DataError(f"{path}: expected MD5 {self.md5}, found {found}; {_REINSTALL}")
        return read_idx(data, str(path))


TRAIN_IMAGES = MnistFile("train-images-idx3-ubyte.gz", "6bbc9ace898e44ae57da46a324031adb")
TRAIN_LABELS = MnistFile("train-labels-idx1-ubyte.gz", "a25bea736e30d166cdddb491f175f624")
TEST_IMAGES = MnistFile("t10k-images-idx3-ubyte.gz", "2646ac647ad5339dbf082846283269ea")
TEST_LABELS = MnistFile("t10k-labels-idx1-ubyte.gz", "27ae3e4e09519cfbb04c329615203637")
