"""Images in folders, a folder for each class; read by Pillow, which is an extra."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from layerkit.arrays import Bytes
from layerkit.errors import DataError, FileError, described
from layerkit.formats.files import open_data

FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
"""Those of Pillow's that are read. Others run programs, or are no images of pixels."""
SUFFIXES = frozenset(
    [".bmp", ".gif", ".jpeg", ".jpg", ".pbm", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"]
)
_MODES = frozenset(["1", "CMYK", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "YCbCr"])
"""Pillow's names of pixels of 8 bits a channel or fewer."""


def has_pillow() -> bool:
    """Tell whether Pillow is installed."""
    try:
        from PIL import Image
    except ImportError:
        return False
    return Image.__name__ == "PIL.Image"


def read_image(path: Path, out: Bytes) -> None:
    """Read an image: turned as its camera says, in the colours and of the size of an array.

    Transparency is dropped; of several pictures in a file, the first is read.

    Parameters
    ----------
    path
        The file.
    out
        ``(height, width, 1)`` for grey levels (Rec. 601 luma), or ``(height, width, 3)`` for red,
        green and blue. An image of another size is resized to it, by triangles as wide as the
        pixels of the smaller image, without keeping its proportions.

    Raises
    ------
    DataError
        If it is no image, is damaged, has more than 8 bits a channel, or is so large that it may be
        made to exhaust memory.
    FileError
        If it cannot be read.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    height, width, channels = out.shape
    with open_data(path) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=FORMATS) as image:
                mode = image.mode
                if mode in _MODES:
                    upright = ImageOps.exif_transpose(image)
                    pixels = upright.convert("L" if channels == 1 else "RGB")
                    resized = pixels.resize((width, height), Image.Resampling.BILINEAR)
                    np.copyto(out, np.asarray(resized).reshape(out.shape))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise DataError(
                f"{path}: expected an image of at most {Image.MAX_IMAGE_PIXELS:,} pixels, found "
                f"more: {error}"
            ) from error
        except UnidentifiedImageError as error:
            raise DataError(
                f"{path}: expected an image ({', '.join(FORMATS)}), found another kind of file, or "
                "a damaged one; get it again or remove it"
            ) from error
        except Exception as error:  # decoders raise nearly anything
            if isinstance(error, OSError) and error.errno is not None:
                raise FileError(f"{path}: cannot be read: {error}") from error
            raise DataError(
                f"{path}: expected a whole image, found a damaged one ({described(error)}); get it "
                "again or remove it"
            ) from error
    if mode not in _MODES:
        raise DataError(
            f"{path}: expected an image of 8 bits a channel, found pixels that Pillow calls "
            f"'{mode}'; convert it"
        )


def class_folders(directory: Path) -> list[str]:
    """Return the names of the folders in a directory, sorted; hidden ones do not count.

    Raises
    ------
    DataError
        If there is anything else in it.
    FileError
        If it cannot be read.
    """
    names: list[str] = []
    for path in _visible(directory):
        if not path.is_dir():
            raise DataError(
                f"{path}: expected nothing but folders in {directory}, one for each class; move it "
                "into the folder of its class, or remove it"
            )
        try:
            path.name.encode()
        except UnicodeEncodeError:
            raise DataError(
                f"{path.name!r} in {directory}: expected a folder's name in UTF-8, as it is that "
                "of a class; rename it"
            ) from None
        names.append(path.name)
    return names


def images_in(folder: Path) -> list[Path]:
    """Return the image files in a folder, sorted by name; hidden files do not count.

    Links are followed.

    Raises
    ------
    DataError
        If there is anything else in it.
    FileError
        If it cannot be read.
    """
    paths = _visible(folder)
    for path in paths:
        if path.suffix.lower() not in SUFFIXES:
            raise DataError(
                f"{path}: expected image files ({', '.join(sorted(SUFFIXES))}), found "
                f"{'a folder' if path.is_dir() else 'another kind of file'}; move it elsewhere"
            )
        if not path.is_file():
            found = "a link that leads nowhere" if path.is_symlink() else "something else"
            raise DataError(f"{path}: expected an image file, found {found}; remove it")
    return paths


def _visible(directory: Path) -> list[Path]:
    try:
        found = sorted(directory.iterdir(), key=lambda path: path.name)
    except (OSError, ValueError) as error:
        raise FileError(
            f"{directory}: expected a directory of images, found: {error}; check the path (in a "
            "spec, a relative path starts at the directory of the spec)"
        ) from error
    return [path for path in found if not path.name.startswith(".")]
