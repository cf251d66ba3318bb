"""Let several test processes share the files, so that all end at about the same time.

One begins with the first file, another with the last; whoever is free takes the next one,
until they meet. Each is started with `-p tests.sharing --claims=FOLDER`, and reports what
it ran itself.
"""

from itertools import chain, groupby
from pathlib import Path

import pytest


def pytest_addoption(parser):
    group = parser.getgroup("sharing")
    group.addoption("--claims", type=Path, help="empty folder that the processes share")
    group.addoption("--from-the-end", action="store_true", help="take the last file first")


def by_file(items):
    return (list(group) for _, group in groupby(items, key=lambda item: item.path))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if config.option.from_the_end:
        items[:] = chain.from_iterable(reversed(list(by_file(items))))


def claimed(items, root, folder):
    """Give the tests of each file that no other process has taken, as late as can be."""
    for tests in by_file(items):
        claim = folder / "-".join(tests[0].path.relative_to(root).parts)
        try:
            claim.touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from tests


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    option = session.config.option
    if option.claims is None or option.collectonly or session.testsfailed:
        return None  # as without this
    tests = claimed(session.items, session.config.rootpath, option.claims)
    test = next(tests, None)
    while test is not None:
        following = next(tests, None)
        session.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        test = following
    return True
