"""The configuration: every setting, where it may stand, and what is wrong with it, all said at once."""

import configparser
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from adr_app.settings import CONFIG_FILE, ELSEWHERE, PREFIX, SETTINGS, MailServer, Setting

SECTION = "adr_app"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EVERY_INTERFACE = ("0.0.0.0", "::", "*")  # noqa: S104 - compared with, never bound by default


class ConfigError(Exception):
    """The configuration cannot be used; `problems` are sentences, each saying what to change."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Config:
    """What the product was told about the machine it runs on; secrets stay out of its `repr`."""

    database_url: str = field(repr=False)
    data_dir: Path
    host: str
    port: int
    public_url: str
    smtp_url: MailServer | None
    mail_from: str
    secret_key: str = field(repr=False)
    signing_key: str = field(repr=False)
    zone: str
    session_days: int
    cookie_secure: bool
    proxies: int
    max_body: int
    sonarqube_url: str
    sonarqube_token: str = field(repr=False)
    import_folders: tuple[Path, ...]

    @property
    def address(self) -> str:
        """Return where people open the product: the public URL, else the address it listens on."""
        shown = "127.0.0.1" if self.host in _EVERY_INTERFACE else self.host
        host = f"[{shown}]" if ":" in shown else shown
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def mail_is_off(self) -> str:
        """Return why no mail is sent, in one sentence; empty where it is."""
        if self.smtp_url is None:
            return "No mail is sent: no mail server is set (ADR_SMTP_URL)."
        if not self.public_url:
            return "No mail is sent: links in it need the address that people open (ADR_PUBLIC_URL)."
        return "" if self.mail_from else "No mail is sent: nobody is set whom it comes from (ADR_MAIL_FROM)."

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """Return the host names a request may carry; none means that any is taken.

        Links are made from them, so where the public address is known no other name is.
        """
        if self.public_url:
            return (urlsplit(self.public_url).hostname or "",)
        return _LOOPBACK if self.host in _LOOPBACK else ()

    @property
    def database_file(self) -> Path | None:
        """Return the SQLite file, or None on PostgreSQL."""
        parts = urlsplit(self.database_url)
        return Path(parts.path[1:]) if parts.scheme == "sqlite" else None


def load_config(environ: Mapping[str, str], path: Path | str | None = None) -> Config:
    """Return the configuration; a variable in `environ` wins over the file, an empty one counts as unset.

    The file is `path`, else the one ADR_CONFIG names, else adr.ini in the current folder where there is
    one: INI with a section `[adr_app]`, keys named as the variables, in lower case and without `ADR_`.
    Relative folders in it are relative to it.

    :raises ConfigError: naming everything that is wrong at once.
    """
    problems: list[str] = []
    in_file: dict[str, _Typed] = {}
    typed = _from_environment(environ, problems)
    for key, line in _from_file(_file_to_read(environ, path), problems).items():
        if not {key, f"{key}_file", key.removesuffix("_file")} & typed.keys():
            in_file[key] = line
    typed |= in_file
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text, said = _value_of(setting, typed, problems)
        try:
            values[setting.key] = setting.read(text) if text else None
        except ValueError as error:
            problems.append(f"{said} {error}.")
    if problems:
        raise ConfigError(*problems)
    return _completed(values)


def _completed(values: dict[str, Any]) -> Config:
    """Return the configuration with the defaults that follow from other settings.

    :raises ConfigError: when the data folder's name cannot stand in a database URL.
    """
    data_dir = Path(values["data_dir"]).expanduser().absolute()
    if values["database_url"] is None and any(character in str(data_dir) for character in "?#;"):
        raise ConfigError("ADR_DATA_DIR must not hold “?”, “#” or “;”; choose another folder.")
    public_url = values["public_url"] or ""
    secure = values["cookie_secure"]
    return Config(
        **values
        | {
            "database_url": values["database_url"] or f"sqlite:///{(data_dir / 'adr.db').as_posix()}",
            "data_dir": data_dir,
            "public_url": public_url,
            "mail_from": values["mail_from"] or "",
            "secret_key": values["secret_key"] or "",
            "signing_key": values["signing_key"] or "",
            "sonarqube_url": values["sonarqube_url"] or "",
            "sonarqube_token": values["sonarqube_token"] or "",
            "import_folders": values["import_folders"] or (),
            "cookie_secure": public_url.startswith("https:") if secure is None else secure,
        }
    )


@dataclass(frozen=True, slots=True)
class _Typed:
    """A value as somebody wrote it, what to call it in a message, and what it is relative to."""

    value: str
    said: str
    folder: Path


def _keys() -> dict[str, Setting]:
    named = {setting.key: setting for setting in SETTINGS}
    return named | {f"{setting.key}_file": setting for setting in SETTINGS if setting.secret}


def _from_environment(environ: Mapping[str, str], problems: list[str]) -> dict[str, _Typed]:
    known = {PREFIX + key.upper(): key for key in _keys()}
    found = {}
    for name, value in sorted(environ.items()):
        if not name.startswith(PREFIX) or name in ELSEWHERE:
            continue
        if name not in known:
            problems.append(_unknown(name, [*known, *ELSEWHERE], "the environment"))
        elif value.strip():
            found[known[name]] = _Typed(value.strip(), name, Path())
    return found


def _file_to_read(environ: Mapping[str, str], path: Path | str | None) -> Path | None:
    named = path or environ.get("ADR_CONFIG", "").strip()
    if named:
        return Path(named).expanduser()
    return Path(CONFIG_FILE) if Path(CONFIG_FILE).is_file() else None


def _from_file(path: Path | None, problems: list[str]) -> dict[str, _Typed]:
    if path is None:
        return {}
    parser = configparser.ConfigParser(interpolation=None, default_section="")
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"), source=str(path))
    except OSError as error:
        problems.append(f"The configuration file {path} cannot be read: {error.strerror}. Check ADR_CONFIG.")
    except UnicodeDecodeError:
        problems.append(f"The configuration file {path} is not UTF-8 text. Save it as UTF-8.")
    except configparser.Error as error:
        # Its own message would quote the line, which may hold a secret.
        lines = [number for number, _ in getattr(error, "errors", [])]
        line = getattr(error, "lineno", None) or (lines[0] if lines else 1)
        problems.append(
            f"Line {line} of {path} cannot be understood. Write [{SECTION}] first, then each setting once, "
            "such as “port = 8000”."
        )
        return {}
    problems += [
        f"{path} has a section [{name}]; put every line under [{SECTION}]."
        for name in parser.sections()
        if name != SECTION
    ]
    written = dict(parser[SECTION]) if parser.has_section(SECTION) else {}
    known = _keys()
    problems += [_unknown(key, list(known), str(path)) for key in written if key not in known]
    return {
        key: _Typed(value.strip(), f"{key} in {path}", path.parent)
        for key, value in written.items()
        if key in known and value.strip()
    }


def _unknown(name: str, known: list[str], where: str) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    instead = f"Did you mean {close[0]}?" if close else f"Known are {', '.join(known)}."
    return f"{name} in {where} is not a setting. {instead}"


def _value_of(setting: Setting, typed: dict[str, _Typed], problems: list[str]) -> tuple[str, str]:
    """Return the text of a setting, from its own file where it names one, and what to call it."""
    own, pointer = typed.get(setting.key), typed.get(f"{setting.key}_file")
    if own and pointer:
        problems.append(f"{own.said} and {pointer.said} are both set. Keep one of them.")
    if pointer:
        return _secret_from(pointer, problems), pointer.said
    if own is None:
        return setting.default, setting.name
    value = own.value
    if setting.key == "data_dir":
        value = str(own.folder / Path(value).expanduser())
    return value, own.said


def _secret_from(pointer: _Typed, problems: list[str]) -> str:
    path = pointer.folder / Path(pointer.value).expanduser()
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        problems.append(f"{pointer.said} names {path}, which cannot be read. Check its name and its rights.")
        return ""
    if not text:
        problems.append(f"{pointer.said} names {path}, which is empty. Put the value into it.")
    return text
