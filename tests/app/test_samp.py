"""Talking with another program through a real SAMP hub."""

import socket
from threading import Event, Thread

import pytest
from astropy.io import fits
from pyvo.samp import SAMPHubServer, SAMPIntegratedClient

from rampviewer.io import samp_link
from rampviewer.io.samp_link import IMAGE, PIXEL, SKY
from rampviewer.model.exposure import Pixel


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """Start a hub that only this test finds."""
    lockfile = tmp_path / "samp"
    monkeypatch.setenv("SAMP_HUB", f"std-lockurl:{lockfile.as_uri()}")
    hub = SAMPHubServer(web_profile=False, lockfile=str(lockfile))
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def other(hub):
    """Return another program, which takes images."""
    client = SAMPIntegratedClient(metadata={"samp.name": "other"})
    client.connect()
    yield client
    client.disconnect()


@pytest.fixture
def connected(application, hand, hub):
    switch(hand)
    hand.until(lambda: application.samp.link is not None)
    return application


def switch(hand):
    hand.trigger("samp")


def notify(client, mtype, **parameters):
    client.notify_all({"samp.mtype": mtype, "samp.params": parameters})


def test_it_is_off_until_asked_for(application, hand, hub, files):
    hand.open(files)
    assert application.samp.link is None
    assert not application.window.action("samp").isChecked()
    assert not application.window.action("samp_send").isEnabled()
    assert len(hub._private_keys) == 1  # the hub itself


def test_without_a_hub_one_sentence_says_what_to_do(
    application, hand, tmp_path, monkeypatch
):
    lockfile = tmp_path / "none"
    monkeypatch.setenv("SAMP_HUB", f"std-lockurl:{lockfile.as_uri()}")
    switch(hand)
    assert hand.wait_error().startswith("There is no SAMP hub")
    assert not application.window.action("samp").isChecked()


def test_the_rate_image_arrives_at_others(connected, hand, other, files):
    arrived = []
    other.bind_receive_notification(
        IMAGE, lambda key, sender, mtype, parameters, extra: arrived.append(parameters)
    )
    hand.open(files)
    hand.trigger("samp_send")
    hand.until(lambda: bool(arrived) and "Sent the rate image" in hand.message())
    assert hand.message() == "Sent the rate image to 1 program."
    assert arrived[0]["name"] == "sim_rate"
    path = arrived[0]["url"].removeprefix("file://")
    assert fits.getdata(path, "SCI").shape == (192, 192)


def test_an_image_of_another_program_is_opened(connected, hand, other, small):
    before = connected.session.prepared
    gain, noise = small.gain, small.readnoise
    notify(other, IMAGE, url=small.ramp.as_uri(), name="x")
    hand.give_references(gain, noise)
    hand.wait_opened(before)
    assert connected.session.exposure.path == small.ramp


def test_a_call_is_answered(connected, hand, other, files):
    hand.open(files)
    message = {"samp.mtype": PIXEL, "samp.params": {"x": "12", "y": "34"}}
    receiver = next(iter(other.get_subscribed_clients(PIXEL)))
    sent = other.call(receiver, "tag", message)
    assert sent
    hand.until(lambda: connected.session.pixel == Pixel(34, 12))


def test_a_place_on_the_sky_selects_its_pixel(connected, hand, other, files):
    hand.open(files)
    ra, dec = connected.session.exposure.sky(34, 12)
    notify(other, SKY, ra=str(ra), dec=str(dec))
    hand.until(lambda: connected.session.pixel == Pixel(34, 12))


@pytest.mark.parametrize(
    ("mtype", "parameters", "said"),
    [
        (IMAGE, {"url": "http://example.org/x.fits"}, "only files of this machine"),
        (PIXEL, {"x": "5000", "y": "1"}, "x 5000"),
        (PIXEL, {"x": "nan", "y": "1"}, "outside the image"),
        (SKY, {"ra": "12"}, "must hold the numbers ra and dec"),
    ],
)
def test_a_bad_message_is_one_sentence(
    connected, hand, other, files, mtype, parameters, said
):
    hand.open(files)
    notify(other, mtype, **parameters)
    assert said in hand.wait_error()
    assert connected.session.pixel is None


def test_switched_off_it_leaves_the_hub(connected, hand, hub, other):
    names = {client["samp.name"] for client in hub._metadata.values()}
    assert "rampviewer" in names
    switch(hand)
    assert connected.samp.link is None
    names = {client["samp.name"] for client in hub._metadata.values()}
    assert "rampviewer" not in names


def test_closing_the_window_while_it_joins_leaves_the_hub(
    application, hand, hub, monkeypatch
):
    joined = Event()

    class Slow(samp_link.SampLink):
        def __init__(self, receive):
            super().__init__(receive)
            joined.set()

    monkeypatch.setattr(samp_link, "SampLink", Slow)
    switch(hand)
    assert joined.wait(60)
    assert application.samp.link is None  # the news of it waits behind this test
    application.window.close()
    names = {client["samp.name"] for client in hub._metadata.values()}
    assert "rampviewer" not in names


def test_a_hub_that_never_answers_is_waited_for_a_moment_only(tmp_path, monkeypatch):
    silent = socket.create_server(("127.0.0.1", 0))
    lockfile = tmp_path / "samp"
    lockfile.write_text(
        f"samp.secret=a\nsamp.hub.xmlrpc.url=http://127.0.0.1:{silent.getsockname()[1]}/\n"
        "samp.profile.version=1.3\n"
    )
    monkeypatch.setenv("SAMP_HUB", f"std-lockurl:{lockfile.as_uri()}")
    monkeypatch.setattr(samp_link, "PATIENCE", 0.2)
    joining = Thread(
        target=lambda: raised.append(error_of(samp_link.SampLink)), daemon=True
    )
    raised = []
    joining.start()
    joining.join(20)
    silent.close()
    assert raised == [samp_link.NO_HUB]
    assert socket.getdefaulttimeout() is None


def error_of(link):
    with pytest.raises(OSError, match="SAMP") as caught:
        link(lambda *_message: None)
    return str(caught.value)


def test_closing_the_window_leaves_the_hub(connected, hub):
    connected.window.close()
    names = {client["samp.name"] for client in hub._metadata.values()}
    assert "rampviewer" not in names
