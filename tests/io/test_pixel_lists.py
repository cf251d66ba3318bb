import re

import pytest

from rampviewer.io.pixel_lists import read_pixels, write_pixels
from rampviewer.model.exposure import Pixel


def test_a_list_comes_back_as_it_was_written(tmp_path):
    pixels = (Pixel(3, 7), Pixel(200, 0), Pixel(0, 55))
    write_pixels(tmp_path / "list.csv", pixels)
    assert read_pixels(tmp_path / "list.csv") == pixels
    assert "x,y\n7,3\n" in (tmp_path / "list.csv").read_text()


@pytest.mark.parametrize(
    "text",
    ["7,3\n9,4\n", "x;y\n7;3\n9;4", "# mine\n\n7 3\n  9   4\n7 3", "Y\tX\n3\t7\n4\t9\n"],
)
def test_usual_ways_to_write_a_list_are_read(tmp_path, text):
    path = tmp_path / "list.txt"
    path.write_text(text)
    assert read_pixels(path) == (Pixel(3, 7), Pixel(4, 9))


def test_a_table_of_jumps_is_a_list(tmp_path):
    path = tmp_path / "jumps.csv"
    path.write_text("x,y,integration,group,origin\n7,3,0,4,primary\n7,3,0,6,neighbour\n")
    assert read_pixels(path) == (Pixel(3, 7),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x,y\n7,3\nfour,5\n", "list.csv, line 3: 'four,5' is no pixel x,y"),
        ("7,3\n8\n", "list.csv, line 2: '8' is no pixel x,y"),
        ("7.5,3\n", "list.csv, line 1: x and y must be whole numbers from 0"),
        ("-7,3\n", "list.csv, line 1: x and y must be whole numbers from 0"),
        ("row,col\n7,3\n", "list.csv, line 1: there are no columns x and y"),
        ("# nothing\n", "list.csv holds no pixel: each line should be x,y"),
    ],
)
def test_what_is_no_list_is_named_by_file_and_line(tmp_path, text, sentence):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_pixels(path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ValueError, match=r"list\.csv is not a text file"):
        read_pixels(path)
