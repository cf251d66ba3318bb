"""Messages to and from other programs through a SAMP hub, as DS9 and TOPCAT have one."""

import socket
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlparse
from urllib.request import url2pathname

from rampviewer import __version__

IMAGE: Final = "image.load.fits"
SKY: Final = "coord.pointAt.sky"
PIXEL: Final = "rampviewer.select.pixel"
INSTALL: Final = "SAMP needs pyvo: pip install 'rampviewer[samp]'"
PATIENCE: Final = 5.0  # for each answer of a hub [s]
NO_HUB: Final = "There is no SAMP hub: start DS9, TOPCAT or another program with one first"
_DESCRIPTION: Final = {
    "samp.name": "rampviewer",
    "samp.description.text": "Jumps and ramps of infrared exposures",
    "rampviewer.version": __version__,
}

Receive = Callable[[str, Mapping[str, str]], None]


class SampLink:
    """One connection with the hub that runs.

    Parameters
    ----------
    receive : callable
        Gets (mtype, parameters) of each message, in a thread of the link.

    Raises
    ------
    OSError
        When there is no hub, none that answers, or pyvo is not installed.
    """

    def __init__(self, receive: Receive) -> None:
        try:
            from pyvo import samp  # noqa: PLC0415 - an extra
        except ImportError:
            raise OSError(INSTALL) from None

        self._receive = receive
        self._errors: tuple[type[Exception], ...] = (
            samp.SAMPHubError,
            samp.SAMPProxyError,
            OSError,
        )
        self._client: Any = samp.SAMPIntegratedClient(metadata=dict(_DESCRIPTION))
        try:
            with warnings.catch_warnings(), _patience():
                warnings.simplefilter("ignore")  # on a hub that died
                self._client.connect()
        except (*self._errors, KeyError) as error:  # no key: there are others only
            self.close()
            raise OSError(NO_HUB) from error
        for mtype in (IMAGE, SKY, PIXEL):
            self._client.bind_receive_message(mtype, self._take)

    def send_image(self, path: Path, name: str) -> int:
        """Offer a FITS image to all who take images; return how many do.

        Raises
        ------
        OSError
            When the hub is gone.
        """
        message = {
            "samp.mtype": IMAGE,
            "samp.params": {
                "url": path.absolute().as_uri(),
                "image-id": name,
                "name": name,
            },
        }
        try:
            with _patience():
                takers = self._client.get_subscribed_clients(IMAGE)
                self._client.notify_all(message)
        except self._errors as error:
            raise OSError("The SAMP hub is gone: connect again") from error
        return len(takers)

    def close(self) -> None:
        """Leave the hub, if it is still there."""
        try:
            with _patience():
                self._client.disconnect()
        except self._errors:
            return  # it left first

    def _take(
        self,
        _key: str,
        _sender: str,
        *rest: Any,
    ) -> None:
        """Pass a notification or a call on, and answer the call."""
        # (mtype, parameters, extra), before which a call has its own number.
        *call, mtype, parameters, _extra = rest
        if call:
            self._client.reply(call[0], {"samp.status": "samp.ok", "samp.result": {}})
        self._receive(str(mtype), parameters)


@contextmanager
def _patience() -> Iterator[None]:
    """Wait for a hub that hangs no longer than this: closing the window waits for it."""
    # The library that talks with the hub has no setting for it.
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def local_path(parameters: Mapping[str, str]) -> Path:
    """Return the file that an image message names.

    Raises
    ------
    ValueError
        When it is not a file of this machine.
    """
    url = parameters.get("url", "")
    parts = urlparse(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise ValueError(f"only files of this machine can be opened, got {url!r}")
    return Path(url2pathname(parts.path))


def number_pair(parameters: Mapping[str, str], *names: str) -> tuple[float, float]:
    """Return two numbers of a message.

    Raises
    ------
    ValueError
        When they are not there, or no numbers.
    """
    try:
        first, second = (float(parameters[name]) for name in names)
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"a message must hold the numbers {' and '.join(names)}, got {dict(parameters)}"
        ) from None
    return first, second
