"""Writing ``.npz`` files that are the same bytes for the same arrays, with texts beside them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from numpy.lib import format as npy

from layerkit.arrays import Array


def npz_bytes(arrays: Mapping[str, Array], texts: Mapping[str, str]) -> bytes:
    """Return the content of an ``.npz`` file, as `numpy.load` reads it without pickle.

    Parameters
    ----------
    arrays
        By name.
    texts
        Members that are no arrays, by the names of their files; `numpy.load` gives their bytes.
    """
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_STORED) as archive:
        for name, array in arrays.items():
            # A ZipInfo of a name alone is dated 1980, not now.
            with archive.open(ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                npy.write_array(member, array, allow_pickle=False)
        for name, text in texts.items():
            archive.writestr(ZipInfo(name), text.encode())
    return content.getvalue()
