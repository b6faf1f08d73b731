"""The recorded chat: what it must hold to show anything, and how it is cut into pushes."""

from collections import Counter

from askbot.demonstration.recording import pushes, shipped_recording
from askbot.demonstration.service import CLOCK_VARIABLE, COUNTY_TIME, environment


def test_the_recording_shows_a_stream_as_it_is() -> None:
    recording = shipped_recording()
    assert len(recording) > 240
    assert [one.at for one in recording] == sorted(one.at for one in recording)
    times = Counter(one.line.id for one in recording)
    assert max(times.values()) > 1, "some are delivered twice"
    texts = {one.line.text for one in recording}
    assert any("\x1b" in text for text in texts), "and some mean harm"
    assert len({one.line.user_id for one in recording}) > 30
    assert all(one.line.sent_at is None for one in recording)


def test_pushes_keep_order_and_span() -> None:
    recording = shipped_recording()
    cut = list(pushes(recording, 2.0))
    assert [one for part in cut for one in part] == list(recording)
    assert all(part[-1].at - part[0].at <= 2.0 for part in cut)
    assert len(cut) < len(recording)


def test_the_server_sees_the_countys_time_and_none_of_the_operators_settings() -> None:
    env = environment({"PATH": "/bin", "ASKBOT_DATABASE": "postgresql://x", "ASKBOT_CLOCK": "now"})
    assert env == {"PATH": "/bin", CLOCK_VARIABLE: COUNTY_TIME.isoformat()}
