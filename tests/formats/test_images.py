from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from layerkit.arrays import Bytes
from layerkit.errors import DataError, FileError
from layerkit.formats.images import class_folders, images_in, read_image

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 4, 3), dtype=np.uint8)


def read(path: Path, height: int = 5, width: int = 4, channels: int = 3) -> Bytes:
    out = np.zeros((height, width, channels), np.uint8)
    read_image(path, out)
    return out


def saved(path: Path, pixels: Bytes = PIXELS) -> Path:
    Image.fromarray(pixels).save(path)
    return path


@pytest.mark.parametrize("suffix", ["png", "bmp", "ppm", "tiff"])
def test_formats_without_loss_give_the_pixels_that_were_saved(tmp_path: Path, suffix: str) -> None:
    np.testing.assert_array_equal(read(saved(tmp_path / f"x.{suffix}")), PIXELS)


@pytest.mark.parametrize("suffix", ["jpg", "webp", "gif"])
def test_formats_with_loss_give_nearly_those(tmp_path: Path, suffix: str) -> None:
    smooth = np.linspace(0, 255, 75).reshape(5, 5, 3).astype(np.uint8)
    found = read(saved(tmp_path / f"x.{suffix}", smooth), 5, 5)
    assert np.abs(found.astype(int) - smooth).mean() < 16


def test_grey_levels_are_the_luma_of_colours(tmp_path: Path) -> None:
    luma = PIXELS @ np.array([0.299, 0.587, 0.114])
    found = read(saved(tmp_path / "x.png"), channels=1)
    assert found.shape == (5, 4, 1)
    np.testing.assert_allclose(found[..., 0], luma, atol=1)


def test_grey_images_have_three_equal_channels_in_colour(tmp_path: Path) -> None:
    found = read(saved(tmp_path / "x.png", PIXELS[..., 0]))
    np.testing.assert_array_equal(found, np.repeat(PIXELS[..., :1], 3, axis=2))


def test_images_of_another_size_are_resized(tmp_path: Path) -> None:
    halves = np.zeros((8, 8, 3), np.uint8)
    halves[:, 4:] = 200
    found = read(saved(tmp_path / "x.png", halves), 4, 2)
    assert found.shape == (4, 2, 3)
    assert found[:, 0].max() < 60
    assert found[:, 1].min() > 140


def test_images_are_turned_as_their_camera_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3  # turned by half
    path = tmp_path / "x.png"
    Image.fromarray(PIXELS).save(path, exif=exif)
    np.testing.assert_array_equal(read(path), PIXELS[::-1, ::-1])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_pixels_of_any_kind_become_colours(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("x.tiff" if mode == "CMYK" else "x.png")
    Image.fromarray(np.full((5, 4, 3), 255, np.uint8)).convert(mode).save(path)
    np.testing.assert_array_equal(read(path), np.full((5, 4, 3), 255))


@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.int32])
def test_more_than_8_bits_a_channel_are_refused_and_not_cut(
    tmp_path: Path, dtype: type[np.number]
) -> None:
    path = tmp_path / "x.tiff"
    Image.fromarray(np.full((5, 4), 300, dtype)).save(path)
    with pytest.raises(DataError, match=r"x\.tiff: expected an image of 8 bits a channel"):
        read(path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "gif", "webp", "ppm", "tiff"])
def test_an_image_cut_short_anywhere_is_refused_or_whole(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / f"x.{suffix}")
    whole, content, refused = read(path), path.read_bytes(), 0
    for length in range(len(content)):
        path.write_bytes(content[:length])
        try:
            found = read(path)
        except DataError as error:
            assert str(path) in str(error)  # noqa: PT017
            refused += 1
        else:
            np.testing.assert_array_equal(found, whole)
    assert refused > len(content) / 2


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "gif", "webp", "ppm", "tiff"])
def test_no_damaged_byte_raises_anything_but_a_data_error(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / f"x.{suffix}")
    whole, content, refused = read(path), path.read_bytes(), 0
    for at in range(len(content)):
        damaged = bytearray(content)
        damaged[at] ^= 1 << at % 8
        path.write_bytes(damaged)
        try:
            found = read(path)
        except DataError:
            refused += 1
        else:
            assert suffix != "png" or np.array_equal(found, whole)  # it alone has checksums
    assert refused


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    for content in (b"", b"not an image", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"):
        path.write_bytes(content)
        with pytest.raises(
            DataError, match=r"x\.png: expected an image \(BMP, GIF, .*another kind"
        ):
            read(path)


@pytest.mark.parametrize("side", [10_000, 2**31 - 1])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, side: int) -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)

    path = tmp_path / "x.png"
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b""))
    with pytest.raises(DataError, match=r"x\.png: expected an image of at most [\d,]+ pixels"):
        read(path)


def test_a_missing_image_is_a_file_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.png"):
        read(tmp_path / "none.png")


def test_folders_come_sorted_and_hidden_ones_are_left_out(tmp_path: Path) -> None:
    for name in ("b", "a", "B", "ä", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / ".DS_Store").touch()
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    assert class_folders(tmp_path) == ["B", "a", "b", "linked", "ä"]


def test_anything_beside_the_folders_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stray.png").touch()
    with pytest.raises(DataError, match=r"stray\.png: expected nothing but folders in"):
        class_folders(tmp_path)


def test_a_folder_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    try:
        os.mkdir(os.fsencode(tmp_path) + b"/\xff")  # noqa: PTH102
    except OSError:
        pytest.skip("this file system has none")
    with pytest.raises(DataError, match="expected a folder's name in UTF-8"):
        class_folders(tmp_path)


def test_a_directory_that_cannot_be_read_is_a_file_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "none", tmp_path / "file", tmp_path / "nul\0"):
        with pytest.raises(FileError, match="expected a directory of images"):
            class_folders(path)


def test_image_files_come_sorted_hidden_ones_are_left_out_and_links_followed(
    tmp_path: Path,
) -> None:
    for name in ("2.PNG", "1.jpg", "10.jpeg", ".hidden.png", ".DS_Store"):
        (tmp_path / name).touch()
    (tmp_path / "3.png").symlink_to(tmp_path / "1.jpg")
    assert [path.name for path in images_in(tmp_path)] == ["1.jpg", "10.jpeg", "2.PNG", "3.png"]


def test_anything_but_image_files_is_refused(tmp_path: Path) -> None:
    def of(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        return folder

    (of("text") / "notes.txt").touch()
    (of("folder") / "more").mkdir()
    (of("named") / "more.png").mkdir()
    (of("broken") / "x.png").symlink_to(tmp_path / "nowhere")
    os.mkfifo(of("pipe") / "x.png")
    for name, said in {
        "text": r"notes\.txt: expected image files .* found another kind of file",
        "folder": r"more: expected image files .* found a folder",
        "named": r"more\.png: expected an image file, found something else",
        "broken": r"x\.png: expected an image file, found a link that leads nowhere",
        "pipe": r"x\.png: expected an image file, found something else",
    }.items():
        with pytest.raises(DataError, match=said):
            images_in(tmp_path / name)
