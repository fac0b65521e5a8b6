"""The configuration: what wins, what is refused, and a secret key that is made once."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from adr_app.config import Config, ConfigError, load_config
from adr_app.secret_key import secret_key_for, signing_seed_for
from adr_app.settings import ELSEWHERE, SETTINGS

KEY = "0123456789abcdef" * 4
POSTGRESQL = "postgresql://sam:s3cret-word@db.example/adr"


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def problems_of(environ, path=None):
    with pytest.raises(ConfigError) as refused:
        load_config(environ, path)
    return refused.value.problems


def ini(text, name="adr.ini"):
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


def test_an_empty_environment_gives_a_product_for_this_machine_only(tmp_path):
    config = load_config({})
    assert (config.host, config.port, config.address) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert config.data_dir == tmp_path / "adr-data"
    assert config.database_file == tmp_path / "adr-data" / "adr.db"
    assert (config.zone, config.session_days, config.proxies) == ("UTC", 30, 0)
    assert config.secret_key == ""
    assert not config.cookie_secure


def test_every_setting_is_a_field_of_the_configuration_and_explained():
    assert {setting.key for setting in SETTINGS} == {field.name for field in fields(Config)}
    for setting in SETTINGS:
        assert setting.help
        assert not setting.default or setting.read(setting.default) is not None


def test_variables_are_read():
    config = load_config(
        {
            "ADR_DATABASE_URL": POSTGRESQL,
            "ADR_HOST": "::1",
            "ADR_PORT": "9000",
            "ADR_SECRET_KEY": KEY,
            "ADR_ZONE": "Europe/Berlin",
            "ADR_PROXIES": "1",
            "PATH": "/bin",
        }
    )
    assert (config.database_url, config.database_file) == (POSTGRESQL, None)
    assert (config.address, config.secret_key, config.zone) == ("http://[::1]:9000", KEY, "Europe/Berlin")
    assert config.proxies == 1


def test_the_environment_wins_over_the_file_and_an_empty_variable_does_not():
    ini("[adr_app]\nport = 9001\nzone = Europe/Berlin\nhost = 127.0.0.2\n")
    config = load_config({"ADR_PORT": "9002", "ADR_ZONE": ""})
    assert (config.port, config.zone, config.host) == (9002, "Europe/Berlin", "127.0.0.2")


def test_a_named_file_is_read_from_anywhere_and_its_folders_are_beside_it(tmp_path):
    (tmp_path / "etc").mkdir()
    ini("[adr_app]\ndata_dir = data\nsecret_key_file = key\n", "etc/product.ini")
    ini(KEY + "\n", "etc/key")
    config = load_config({"ADR_CONFIG": str(tmp_path / "etc" / "product.ini")})
    assert config.data_dir == tmp_path / "etc" / "data"
    assert config.secret_key == KEY
    assert load_config({}, tmp_path / "etc" / "product.ini") == config


def test_a_secret_may_stand_in_a_file_of_its_own():
    ini(KEY + "\n", "key")
    ini(POSTGRESQL + "\n", "database")
    config = load_config({"ADR_SECRET_KEY_FILE": "key", "ADR_DATABASE_URL_FILE": "database"})
    assert (config.secret_key, config.database_url) == (KEY, POSTGRESQL)


def test_a_secret_in_the_environment_wins_over_a_secret_file_named_in_the_file():
    ini("[adr_app]\nsecret_key_file = nowhere\n")
    assert load_config({"ADR_SECRET_KEY": KEY}).secret_key == KEY


def test_a_secret_told_twice_in_one_place_is_refused():
    ini(KEY, "key")
    (problem,) = problems_of({"ADR_SECRET_KEY": KEY, "ADR_SECRET_KEY_FILE": "key"})
    assert "Keep one of them" in problem


@pytest.mark.parametrize("content", [None, ""])
def test_a_missing_or_empty_secret_file_is_refused_by_name(content):
    if content is not None:
        ini(content, "key")
    (problem,) = problems_of({"ADR_SECRET_KEY_FILE": "key"})
    assert problem.startswith("ADR_SECRET_KEY_FILE names key")


def test_everything_wrong_is_said_at_once():
    ini("[adr_app]\nprot = 1\nproxies = many\n")
    problems = problems_of({"ADR_PORT": "70000", "ADR_HOTS": "x", "ADR_DATABASE_URL": "mysql://h/d"})
    assert len(problems) == 5
    said = "\n".join(problems)
    for part in (
        "ADR_PORT must be",
        "Did you mean ADR_HOST?",
        "Did you mean port?",
        "proxies in adr.ini must be",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADR_PORT", "-1"),
        ("ADR_PORT", "65536"),
        ("ADR_PORT", "80.0"),
        ("ADR_PORT", "٨٠"),
        ("ADR_PORT", "9" * 5000),
        ("ADR_SESSION_DAYS", "0"),
        ("ADR_HOST", "http://127.0.0.1"),
        ("ADR_HOST", "127.0.0.1:8000"),
        ("ADR_DATABASE_URL", "adr.db"),
        ("ADR_DATABASE_URL", "sqlite://adr.db"),
        ("ADR_DATABASE_URL", "sqlite:///"),
        ("ADR_DATABASE_URL", "sqlite:///:memory:"),
        ("ADR_DATABASE_URL", "postgresql://host"),
        ("ADR_DATABASE_URL", "postgresql://host:port/name"),
        ("ADR_DATABASE_URL", "postgresql://[::1/name"),
        ("ADR_PUBLIC_URL", "decisions.example.com"),
        ("ADR_PUBLIC_URL", "ftp://decisions.example.com"),
        ("ADR_PUBLIC_URL", "https://decisions.example.com/adr"),
        ("ADR_SECRET_KEY", "change me"),
        ("ADR_ZONE", "Mars/Olympus"),
        ("ADR_ZONE", "../../etc/passwd"),
        ("ADR_COOKIE_SECURE", "maybe"),
        ("ADR_PROXIES", "11"),
        ("ADR_MAX_BODY", "1"),
        ("ADR_IMPORT_FOLDERS", "decisions"),
        ("ADR_IMPORT_FOLDERS", "/nowhere/at/all"),
        ("ADR_DATA_DIR", "what?"),
    ],
)
def test_a_value_that_cannot_work_is_refused_under_its_name(name, value):
    (problem,) = problems_of({name: value})
    assert problem.startswith(name)


def test_no_message_repeats_a_secret():
    ini("[adr_app]\nsecret_key = s3cret-word\ns3cret-word\n")
    said = "\n".join(
        [
            *problems_of(
                {"ADR_DATABASE_URL": "mysql://sam:s3cret-word@h/d", "ADR_SECRET_KEY": "s3cret-word"}
            ),
            *problems_of({}),
        ]
    )
    assert "s3cret-word" not in said
    config = load_config(
        {"ADR_DATABASE_URL": POSTGRESQL, "ADR_SECRET_KEY": KEY}, ini("[adr_app]\n", "ok.ini")
    )
    assert "s3cret-word" not in repr(config)
    assert KEY not in repr(config)


@pytest.mark.parametrize(
    "content",
    [
        "port = 1\n",
        "[adr_app]\nport\n",
        "[adr_app]\nport = 1\nport = 2\n",
        "[other]\nport = 1\n",
        "[DEFAULT]\nport=1",
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(content):
    (problem,) = problems_of({}, ini(content))
    assert "[adr_app]" in problem


def test_a_missing_or_binary_file_is_refused():
    assert "cannot be read" in problems_of({"ADR_CONFIG": "nowhere.ini"})[0]
    Path("binary.ini").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in problems_of({}, "binary.ini")[0]


def test_variables_of_the_start_script_and_the_tests_are_left_alone():
    assert (
        load_config(dict.fromkeys(ELSEWHERE, "") | {"ADR_VENV": "/opt/x", "ADR_CHROMIUM": "y"}).port == 8000
    )


def test_a_public_address_makes_links_secures_cookies_and_is_the_only_host():
    config = load_config({"ADR_PUBLIC_URL": "https://decisions.example.com/"})
    assert config.address == "https://decisions.example.com"
    assert config.cookie_secure
    assert config.trusted_hosts == ("decisions.example.com",)
    told = load_config({"ADR_PUBLIC_URL": "https://decisions.example.com", "ADR_COOKIE_SECURE": "no"})
    assert not told.cookie_secure


def test_without_a_public_address_only_the_loopback_knows_its_names():
    assert "localhost" in load_config({}).trusted_hosts
    everywhere = load_config({"ADR_HOST": "0.0.0.0"})
    assert everywhere.trusted_hosts == ()
    assert everywhere.address == "http://127.0.0.1:8000"


def test_a_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    config = load_config({})
    with pytest.raises(ConfigError, match="no secret key"):
        secret_key_for(config, create=False)
    assert not (tmp_path / "adr-data").exists()
    key = secret_key_for(config)
    assert len(key) == 64
    assert secret_key_for(config) == secret_key_for(config, create=False) == key
    path = tmp_path / "adr-data" / "secret.key"
    assert os.listdir(path.parent) == ["secret.key"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_installations_have_two_keys():
    first, second = (load_config({"ADR_DATA_DIR": name}) for name in ("one", "two"))
    assert secret_key_for(first) != secret_key_for(second)


def test_starting_several_times_at_once_makes_one_key():
    config = load_config({})
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key_for(config), range(40)))
    assert len(keys) == 1


def test_a_key_that_was_told_is_used_and_nothing_is_written(tmp_path):
    assert secret_key_for(load_config({"ADR_SECRET_KEY": KEY})) == KEY
    assert list(tmp_path.iterdir()) == []


def test_postgresql_needs_a_key_that_was_told():
    with pytest.raises(ConfigError, match="ADR_SECRET_KEY must be set"):
        secret_key_for(load_config({"ADR_DATABASE_URL": POSTGRESQL}))
    assert secret_key_for(load_config({"ADR_DATABASE_URL": POSTGRESQL, "ADR_SECRET_KEY": KEY})) == KEY


def test_a_damaged_key_or_one_that_others_can_read_is_refused(tmp_path):
    config = load_config({})
    secret_key_for(config)
    path = tmp_path / "adr-data" / "secret.key"
    if os.name == "posix":
        path.chmod(0o644)
        with pytest.raises(ConfigError, match="chmod 600"):
            secret_key_for(config)
        path.chmod(0o600)
    path.write_text("short", encoding="ascii")
    with pytest.raises(ConfigError, match="damaged"):
        secret_key_for(config)


def test_a_data_folder_that_cannot_be_made_is_refused_in_words():
    Path("adr-data").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be used"):
        secret_key_for(load_config({}))


def test_the_signing_key_is_made_once_for_its_owner_only_and_stays_apart_from_the_secret_key(tmp_path):
    config = load_config({})
    seed = signing_seed_for(config)
    path = config.data_dir / "signing.key"
    assert len(seed) == 32
    assert signing_seed_for(config) == seed
    assert seed.hex() != secret_key_for(config)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        with pytest.raises(ConfigError, match="Other users"):
            signing_seed_for(config)


def test_a_damaged_signing_key_is_never_replaced(tmp_path):
    config = load_config({})
    signing_seed_for(config)
    path = config.data_dir / "signing.key"
    for damaged in ("", "abc", "z" * 64, "a" * 63 + " "):
        path.write_text(damaged)
        with pytest.raises(ConfigError, match="backup"):
            signing_seed_for(config)
        assert path.read_text() == damaged


def test_a_configured_signing_key_is_used_as_it_is_and_required_with_postgresql():
    assert signing_seed_for(load_config({"ADR_SIGNING_KEY": KEY})).hex() == KEY
    with pytest.raises(ConfigError, match="ADR_SIGNING_KEY must be set"):
        signing_seed_for(load_config({"ADR_DATABASE_URL": POSTGRESQL}))
    (problem,) = problems_of({"ADR_SIGNING_KEY": "a secret that is not hexadecimal"})
    assert problem.startswith("ADR_SIGNING_KEY must be 64 hexadecimal digits")
    assert "a secret that" not in problem
    assert KEY not in repr(load_config({"ADR_SIGNING_KEY": KEY}))
