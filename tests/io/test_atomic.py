import os
import stat

import pytest

from rampviewer.io.atomic import make_folder, write_whole


def writes(content):
    return lambda stream: stream.write(content)


def fails(stream):
    stream.write(b"half")
    raise OSError(28, "No space left on device")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_appear_whole_and_old_ones_are_replaced(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    write_whole({tmp_path / "a": writes(b"new a"), tmp_path / "b": writes(b"new b")})
    assert (tmp_path / "a").read_bytes() == b"new a"
    assert (tmp_path / "b").read_bytes() == b"new b"
    assert names(tmp_path) == ["a", "b"]


def test_a_failure_half_way_leaves_everything_as_it_was(tmp_path):
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "b").write_bytes(b"old b")
    with pytest.raises(OSError, match=r"b cannot be written: No space left on device"):
        write_whole({tmp_path / "a": writes(b"new"), tmp_path / "b": fails})
    assert (tmp_path / "a").read_bytes() == b"old a"
    assert (tmp_path / "b").read_bytes() == b"old b"
    assert names(tmp_path) == ["a", "b"]


def test_any_other_error_cleans_up_too(tmp_path):
    def interrupted(stream):
        stream.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole({tmp_path / "a": interrupted})
    assert names(tmp_path) == []


def test_nothing_is_visible_before_all_is_written(tmp_path):
    seen = []

    def look(stream):
        stream.write(b"b")
        seen.extend(path.name for path in tmp_path.iterdir() if path.suffix != ".part")

    write_whole({tmp_path / "a": writes(b"a"), tmp_path / "b": look})
    assert seen == []


def test_files_have_the_usual_permissions(tmp_path):
    mask = os.umask(0o027)
    try:
        write_whole({tmp_path / "a": writes(b"a")})
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_folder_is_made_with_those_above_it(tmp_path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "a").touch()
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(OSError, match=f"^{folder} (is not a folder|cannot be made)"):
            make_folder(folder)


def test_what_a_killed_process_left_is_removed_and_what_is_being_written_is_not(tmp_path):
    fcntl = pytest.importorskip("fcntl")
    path = tmp_path / "x_rate[1].fits"
    names = (f".{path.name}.0123abcd.part", f".{path.name}.89abcdef.part", ".other.part")
    orphan, written, other = (tmp_path / name for name in names)
    for part in (orphan, written, other):
        part.write_bytes(b"half")
        os.utime(part, (0, 0))
    with written.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        write_whole({path: lambda stream: stream.write(b"whole")})
    assert {one.name for one in tmp_path.iterdir()} == {path.name, written.name, other.name}


def test_a_file_that_is_being_written_is_locked(tmp_path):
    fcntl = pytest.importorskip("fcntl")

    def write(stream):
        (part,) = tmp_path.iterdir()
        with part.open("rb") as again, pytest.raises(BlockingIOError):
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
        stream.write(b"whole")

    write_whole({tmp_path / "x.fits": write})
    assert (tmp_path / "x.fits").read_bytes() == b"whole"


def test_a_file_that_waits_for_others_is_no_orphan(tmp_path):
    pytest.importorskip("fcntl")
    first, second = tmp_path / "a", tmp_path / "b"

    def write_meanwhile(stream):
        for part in tmp_path.iterdir():
            os.utime(part, (0, 0))
        write_whole({first: writes(b"of another")})
        stream.write(b"b")

    write_whole({first: writes(b"a"), second: write_meanwhile})
    assert (first.read_bytes(), second.read_bytes()) == (b"a", b"b")
    assert len(list(tmp_path.iterdir())) == 2
