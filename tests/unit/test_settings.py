"""The configuration: every key, every fault at its place, secrets never shown, the environment's say."""

from datetime import UTC, date, datetime, time, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.domain.faults import Fault
from askbot.errors import SettingsError
from askbot.settings import Settings, load_county, load_settings
from askbot.settings.table import SETTINGS

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ENV = {"ASKBOT_BRIDGE_SECRET": SECRET}
SHIPPED = Path(__file__).parents[2] / "config" / "askbot.yaml"
SMALL = f"""\
county: {{name: 松河县}}
rooms:
  main: {{title: 县长直播间}}
sources:
  bridge: {{platform: standard, secret: {SECRET}, room: main, reply_url: "http://127.0.0.1:9000/say"}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "askbot.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def faults_of(path: Path, text: str, env: dict[str, str] | None = None) -> list[Fault]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(path, env or {})
    return [fault for fault in refused.value.faults if isinstance(fault, Fault)]


def test_the_shipped_configuration_is_good_and_says_what_is_there_without_it(file: Path) -> None:
    shipped, small = load_settings(SHIPPED, ENV), load_settings(file, {})
    assert [fault.code for fault in shipped.warnings if isinstance(fault, Fault)] == ["cannot_send"]  # no reply_url
    for name in ("replies", "retention", "calendar"):
        assert getattr(shipped, name) == getattr(small, name), (
            "a key's comment shows another default than the program's"
        )
    assert shipped.server.port == small.server.port == 8080
    assert shipped.database.reveal() == small.database.reveal()
    assert (shipped.knowledge, shipped.data) == (small.knowledge, small.data)


def test_every_key_stands_commented_in_the_shipped_configuration() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    missing = [key for key in all_keys() if f"{key}:" not in text]
    assert missing == []


def all_keys() -> list[str]:
    from askbot.platforms import PLATFORMS
    from askbot.settings.sources import shape_of
    from askbot.settings.table import ROOM, SECTIONS

    shapes = [SETTINGS, ROOM, *SECTIONS.values(), *map(shape_of, PLATFORMS.values())]
    return sorted({key.name for shape in shapes for key in shape.keys})


def test_everything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "full.yaml"
    path.write_text(
        """\
county: {name: 松河县, timezone: Asia/Urumqi}
server: {host: "::1", port: 0, public_url: "https://ask.example/", trusted_proxies: [10.0.0.0/8, "::1"]}
database: "postgresql+psycopg://u:${PW}@h/d"
knowledge: k
data: d
rooms: {main: {title: 甲}, jobs: {}}
sources:
  a: {platform: standard, secret: ["${NEW}", old-secret-of-more-than-24], rooms: {"1": main, "2": jobs},
      rate: 120/min, max_skew: 10m, allow: 192.0.2.0/24, path_key: "${NEW}"}
replies: {cooldown: 0s, room_share: 0.5, max_age: 2分钟}
retention: {text: 10d, names: 24h}
bars: {answer: 0.9}
calendar: {holidays: [2026-02-17], workdays: [2026-02-14], closes: "17:30"}
blocked_words: [某某, 某人]
""",
        encoding="utf-8",
    )
    got = load_settings(path, {"PW": "pa:ss", "NEW": "n" * 24})
    assert str(got.county.tz) == "Asia/Urumqi"
    assert got.server.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert got.database.reveal() == "postgresql+psycopg://u:pa:ss@h/d"
    assert got.rooms == {"main": "甲", "jobs": "jobs"}
    source = got.sources["a"]
    assert (source.room, source.rooms) == (None, {"1": "main", "2": "jobs"})
    assert (source.rate.count, source.rate.seconds) == (120, 60.0)
    assert (source.max_skew, source.allow) == (timedelta(minutes=10), (ip_network("192.0.2.0/24"),))
    assert [s.reveal() for s in source.options["secret"]] == ["n" * 24, "old-secret-of-more-than-24"]
    assert source.path_key is not None
    assert source.path_key.reveal() == "n" * 24
    assert got.replies.cooldown == timedelta(0)
    assert got.replies.max_age == timedelta(minutes=2)
    assert got.retention.names == timedelta(days=1)
    assert got.county.bars == {"answer": 0.9}
    assert got.county.blocked_words == ("某某", "某人")
    assert got.calendar.closes == time(17, 30)
    assert got.calendar.is_workday(date(2026, 2, 14))
    assert not got.calendar.is_workday(date(2026, 2, 17))
    assert got.calendar.tz == got.county.tz
    assert [fault.code for fault in got.warnings] == ["cannot_send"]
    assert "n" * 24 not in repr(got)
    assert "pa:ss" not in repr(got)


CASES = {
    "no such variable": ("secret: ${NO_SUCH}", "missing_variable", "NO_SUCH"),
    "two missing in one text": ("secret: ${NO_SUCH}${NOR_THIS}", "missing_variable", "NOR_THIS"),
    "a broken variable": ("secret: ${no such}", "bad_variable", "${…}"),
    "an unknown platform": ("platform: douyinn", "unknown_platform", "douyinn"),
    "an unknown key": ("reply_urll: x", "unknown_key", "reply_urll"),
    "an address without a scheme": ("reply_url: 127.0.0.1/say", "bad_url", "网址"),
    "an address with a bad port": ('reply_url: "http://h:99999/"', "bad_url", "网址"),
    "a broken secret": ("secret: whsec_!!!", "bad_secret", "密钥"),
    "no secrets": ("secret: []", "empty_value", "密钥"),
    "a rate without a unit": ("rate: 1000", "bad_rate", "1000"),
    "a rate of zero": ("rate: 0/s", "bad_rate", "0/s"),
    "a duration without a unit": ("max_skew: 300", "bad_duration", "300"),
    "a network that is none": ("allow: [10.0.0.0/99]", "bad_network", "10.0.0.0/99"),
    "an unknown room": ("room: mian", "unknown_room", "mian"),
    "room and rooms": ("rooms: {x: main}", "room_and_rooms", "room"),
}


@pytest.mark.parametrize(("line", "code", "named"), CASES.values(), ids=CASES.keys())
def test_faults_of_a_source_stand_on_their_line(file: Path, line: str, code: str, named: str) -> None:
    key = line.partition(":")[0]
    sound = {"platform": "standard", "secret": SECRET, "room": "main"} | {key: ""}
    lines = [f"    {name}: {value}" for name, value in sound.items() if value] + [f"    {line}"]
    head = "county: {name: 松河县}\nrooms: {main: {title: 甲}}\nsources:\n  bridge:\n"
    faults = faults_of(file, head + "\n".join(lines) + "\n")
    errors = [fault for fault in faults if fault.severity.value == "error"]
    assert code in {fault.code for fault in errors}
    assert all(fault.line == 4 + len(lines) for fault in errors), "an error stands somewhere else"
    assert named in " ".join(fault.message for fault in errors)


SECTION_CASES = {
    "no county": ("county: {timezone: Asia/Shanghai}", "missing_key"),
    "a zone that is none": ("county: {name: 甲, timezone: Asia/Songhe}", "bad_timezone"),
    "a zone that is a path": ("county: {name: 甲, timezone: ../../etc/passwd}", "bad_timezone"),
    "a port too high": ("server: {port: 65536}", "bad_number"),
    "a port that is a word": ("server: {port: http}", "bad_number"),
    "an unknown section": ("sever: {port: 1}", "unknown_key"),
    "mysql": ("database: mysql://h/d", "bad_database"),
    "memory": ("database: 'sqlite://'", "bad_database"),
    "no such share": ("replies: {room_share: 1.5}", "bad_number"),
    "no age": ("replies: {max_age: 0s}", "bad_duration"),
    "bars out of order": ("bars: {answer: 0.4, clarify: 0.6}", "bars_order"),
    "no such day": ("calendar: {holidays: [2026-02-30]}", "bad_date"),
    "a day that is both": ("calendar: {holidays: [2026-02-17], workdays: [2026-02-17]}", "both_days"),
    "no such time": ('calendar: {closes: "25:00"}', "bad_time"),
    "a source named screen": (f"sources: {{screen: {{platform: standard, secret: {SECRET}, room: main}}}}", "bad_name"),
    "a room's name that is no name": ("rooms: {'a/b': {title: 甲}}", "bad_name"),
    "not a mapping": ("- a", "wrong_type"),
    "empty": ("# nothing", "empty_file"),
    "no text": ("\x00", "control_character"),
}


@pytest.mark.parametrize(("section", "code"), SECTION_CASES.values(), ids=SECTION_CASES.keys())
def test_faults_of_sections(file: Path, section: str, code: str) -> None:
    name = section.partition(":")[0]
    others = [part for part in ("county: {name: 松河县}", "rooms: {main: {title: 甲}}") if not part.startswith(name)]
    whole = "\n".join([section, *others]) if ":" in section else section
    assert code in {fault.code for fault in faults_of(file, whole + "\n")}


def test_all_faults_are_told_at_once_in_order(file: Path) -> None:
    faults = faults_of(file, SMALL + "replies: {cooldown: 30}\nretention: {text: x}\nserver: {prot: 1}\n")
    assert [(fault.line, fault.code) for fault in faults] == [
        (6, "bad_duration"),
        (7, "bad_duration"),
        (8, "unknown_key"),
    ]


def test_no_file_is_a_fault_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path / "none.yaml", {})
    (fault,) = refused.value.faults
    assert isinstance(fault, Fault)
    assert "--config" in fault.hint


@pytest.mark.parametrize(
    ("name", "value", "get"),
    [
        ("ASKBOT_SERVER__PORT", "9090", lambda s: s.server.port == 9090),
        ("ASKBOT_DATABASE", "sqlite:///x.db", lambda s: s.database.reveal() == "sqlite:///x.db"),
        ("ASKBOT_KNOWLEDGE", "elsewhere", lambda s: s.knowledge == Path("elsewhere")),
        ("ASKBOT_SOURCES__BRIDGE__RATE", "5/s", lambda s: s.sources["bridge"].rate.count == 5),
        ("ASKBOT_ROOMS__MAIN__TITLE", "乙", lambda s: s.rooms == {"main": "乙"}),
        ("ASKBOT_REPLIES__COOLDOWN", "9s", lambda s: s.replies.cooldown == timedelta(seconds=9)),
        ("ASKBOT_SERVER__TRUSTED_PROXIES", "[10.0.0.0/8]", lambda s: len(s.server.trusted_proxies) == 1),
        ("ASKBOT_SERVER__PORT", "", lambda s: s.server.port == 8080),  # empty is not set
        ("ASKBOT_CLOCK", "2026-02-12T09:00:00+08:00", lambda _: True),  # no setting
        ("ASKBOT_SECRET", "x", lambda _: True),  # no setting
        ("askbot_server__port", "1", lambda s: s.server.port == 8080),
    ],
)
def test_the_environment_overrides(file: Path, name: str, value: str, get: "object") -> None:
    assert callable(get)
    assert get(load_settings(file, {name: value}))


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ASKBOT_SERVER__PORT", "lots", "bad_number"),
        ("ASKBOT_SEVER__PORT", "1", "unknown_key"),
        ("ASKBOT_SOURCES__BRIDGE__SECRT", "hunter2hunter2", "unknown_key"),
        ("ASKBOT_DATABASE", "mysql://root:hunter2hunter2@h", "bad_database"),
        ("ASKBOT_SERVER__PUBLIC_URL", "hunter2hunter2", "bad_url"),
        ("ASKBOT_REPLIES__COOLDOWN", "hunter2hunter2", "bad_duration"),
    ],
)
def test_faults_of_the_environment_name_the_variable_and_hide_its_value(
    file: Path, name: str, value: str, code: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(file, {name: value})
    (fault,) = refused.value.faults
    assert isinstance(fault, Fault)
    assert (fault.code, fault.file) == (code, f"环境变量 {name}")
    assert "hunter2" not in fault.message + fault.hint


def test_a_variable_that_the_file_takes_is_no_override(file: Path) -> None:
    file.write_text(SMALL.replace(SECRET, '"${ASKBOT_MY__SECRET}"'), encoding="utf-8")
    got = load_settings(file, {"ASKBOT_MY__SECRET": "s" * 30})
    assert got.sources["bridge"].options["secret"][0].reveal() == "s" * 30


def test_the_value_of_a_variable_never_stands_in_a_fault(file: Path) -> None:
    faults = faults_of(
        file, SMALL.replace("room: main", "room: '${A}', rate: '${A}', max_skew: 'x${A}'"), {"A": "topsecret"}
    )
    assert len(faults) == 3
    assert not any("topsecret" in fault.message + fault.hint for fault in faults)
    assert any("${A}" in fault.message for fault in faults)


@pytest.mark.parametrize("length", [1, 8, 23])
def test_short_secrets_are_taken_with_a_warning(file: Path, length: int) -> None:
    file.write_text(SMALL.replace(SECRET, "s" * length), encoding="utf-8")
    assert [fault.code for fault in load_settings(file, {}).warnings] == ["short_secret"]


def test_a_county_is_read_without_the_environment(file: Path) -> None:
    file.write_text(SMALL.replace(SECRET, '"${NOT_SET}"') + "bars: {answer: 0.7}\nnonsense: [", encoding="utf-8")
    with pytest.raises(SettingsError):
        load_county(file, {})  # broken brackets are broken for everybody
    file.write_text(SMALL.replace(SECRET, '"${NOT_SET}"') + "bars: {answer: 0.7}\nservr: {x: y}\n", encoding="utf-8")
    county = load_county(file, {})
    assert (county.name, county.rooms, county.bars) == ("松河县", {"main": "县长直播间"}, {"answer": 0.7})
    assert county.tz.utcoffset(datetime(2026, 2, 12, tzinfo=UTC)) == timedelta(hours=8)


def test_a_county_without_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    county = load_county()
    assert (county.rooms, county.bars) == (None, {})


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.yaml"
        path.write_bytes(data)
        try:
            got = load_settings(path, {})
        except SettingsError as refused:
            assert refused.faults
        else:
            assert isinstance(got, Settings)
