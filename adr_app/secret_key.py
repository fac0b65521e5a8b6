"""The keys that sign cookies, links and security OKs: configured, or made once beside the database."""

import os
import secrets
import stat
import tempfile
from pathlib import Path
from string import hexdigits

from adr_app.config import Config, ConfigError
from adr_app.settings import SEED_BYTES

KEY_FILE = "secret.key"
SIGNING_FILE = "signing.key"
_KEY_BYTES = 32


def secret_key_for(config: Config, create: bool = True) -> str:
    """Return the secret key: ADR_SECRET_KEY, else the one kept beside the SQLite database.

    Where there is none yet and `create` is true, one is made, readable by its owner only; two processes
    that start together get the same.

    :raises ConfigError: when there is none and none may be made (always on PostgreSQL, where several
        machines may serve one database), or when the kept one is damaged or open to other users.
    """
    if config.secret_key:
        return config.secret_key
    database = config.database_file
    if database is None:
        raise ConfigError(
            "ADR_SECRET_KEY must be set with PostgreSQL: the same key on every machine that serves it. "
            "`openssl rand -hex 32` makes one; ADR_SECRET_KEY_FILE may name a file that holds it."
        )
    path = database.absolute().parent / KEY_FILE
    try:
        if not path.exists():
            if not create:
                raise ConfigError(
                    f"There is no secret key at {path} yet. Start the product once; it makes one."
                )
            _make(path)
        return _read(path)
    except OSError as error:
        raise ConfigError(
            f"The secret key {path} cannot be used: {error.strerror}. Check the rights of its folder, "
            "or set ADR_SECRET_KEY."
        ) from error


def signing_seed_for(config: Config) -> bytes:
    """Return the 32 secret bytes of the key that signs security OKs.

    It is ADR_SIGNING_KEY, else the one kept beside the SQLite database, made where there is none yet. A
    damaged one is never replaced: repositories pin its public key.

    :raises ConfigError: when there is none and none may be made (always on PostgreSQL), or when the kept one
        is damaged or open to other users.
    """
    if config.signing_key:
        return bytes.fromhex(config.signing_key)
    database = config.database_file
    if database is None:
        raise ConfigError(
            "ADR_SIGNING_KEY must be set with PostgreSQL: the same key on every machine that writes security "
            f"OKs. `openssl rand -hex {SEED_BYTES}` makes one; ADR_SIGNING_KEY_FILE may name its file."
        )
    path = database.absolute().parent / SIGNING_FILE
    try:
        if not path.exists():
            _make(path)
        seed = _text(path)
    except OSError as error:
        raise ConfigError(
            f"The signing key {path} cannot be used: {error.strerror}. Check the rights of its folder, "
            "or set ADR_SIGNING_KEY."
        ) from error
    if len(seed) != 2 * SEED_BYTES or any(digit not in hexdigits for digit in seed):
        raise ConfigError(
            f"The signing key {path} is damaged. Bring it back from a backup; only if there is none, delete "
            "it: a new one is made, and every repository has to pin that."
        )
    return bytes.fromhex(seed)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A complete file is put in place in one step and only where there is none, so that of two processes
    # the later takes the earlier's key instead of replacing it or reading half of it.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        return
    finally:
        os.unlink(name)


def _read(path: Path) -> str:
    key = _text(path)
    if len(key) < _KEY_BYTES:
        raise ConfigError(
            f"The secret key {path} is damaged. Delete it and start again: a new one is made, "
            "and everybody signs in once more."
        )
    return key


def _text(path: Path) -> str:
    """Return what a key's file holds.

    :raises ConfigError: when others may read it.
    """
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(f"Other users of this machine may read {path}. Run: chmod 600 {path}")
    return path.read_text(encoding="ascii", errors="replace").strip()
