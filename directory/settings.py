"""Settings: frozen, typed, read once at start from the environment and a file.

The start is refused on a missing, default or short secret and on an unknown key; every refusal is
one line that says how to mend it.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from directory.domain.key_ring import KeyRing
from directory.setting_values import convert, shared_secrets

#: Every setting can be given as an environment variable with this prefix, in capitals.
PREFIX = "DIRECTORY_"
#: Names the settings file when it does not lie at the default place.
FILE_VARIABLE = "DIRECTORY_SETTINGS"
DEFAULT_FILE = Path("instance/settings.toml")
#: A setting -> what must be given beside it.
TOGETHER = {
    "smtp_host": ("mail_from", "base_url"),
    "smtp_user": ("smtp_password",),
    "smime_key": ("smime_certificate",),
    "smime_certificate": ("smime_key",),
}


class SettingsError(Exception):
    """The settings do not allow a start; the text says how to mend it, one line a problem."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = [" ".join(problem.split()) for problem in problems]
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. Those without a default must be given; what is secret is not in the repr."""

    #: SQLAlchemy address: sqlite:///path or postgresql+psycopg://... (may hold a password)
    database_url: str = field(repr=False)
    #: Signs session cookies, form tokens, links and codes in mails, and passkey challenges.
    session_key: str = field(repr=False)
    #: Hashes passwords together with their salt.
    password_pepper: str = field(repr=False)
    #: Encrypts second-factor secrets and recent look-ups.
    field_key: str = field(repr=False)
    #: Signs the change log's checkpoints: 32 random bytes in base64 (an Ed25519 seed).
    checkpoint_key: str = field(repr=False)
    #: Signs duty packs, in the same form; without one no packs are made.
    pack_key: str = field(default="", repr=False)
    #: Keys that will be used next, already taken by every process (docs/manual/operator/keys.md).
    session_key_next: str = field(default="", repr=False)
    password_pepper_next: str = field(default="", repr=False)
    field_key_next: str = field(default="", repr=False)
    checkpoint_key_next: str = field(default="", repr=False)
    pack_key_next: str = field(default="", repr=False)
    #: Earlier keys that are still taken, the newest first.
    session_keys_earlier: tuple[str, ...] = field(default=(), repr=False)
    password_peppers_earlier: tuple[str, ...] = field(default=(), repr=False)
    field_keys_earlier: tuple[str, ...] = field(default=(), repr=False)
    #: Name the log signs under, of its own and without spaces, e.g. 'directory.example.org/log'.
    log_name: str = "competent-authorities-directory/log"
    #: Public keys of earlier checkpoint keys (name+id+base64), so that old checkpoints verify.
    checkpoint_public_keys: tuple[str, ...] = ()
    #: Public keys that signed packs before, to be shown until the last of those packs has expired.
    pack_public_keys: tuple[str, ...] = ()
    #: Days for which a duty pack is good.
    pack_days: int = 7
    #: Folder of the search index; a cache that can be deleted at any time.
    index_dir: Path = Path("instance/index")
    #: A scanner for malware and its arguments; gets a file on its standard input, answers 0 for
    #: clean and 1 for a find: ["/usr/bin/clamdscan", "--stream", "-"]. Without one none is asked.
    file_scanner: tuple[str, ...] = ()
    #: Known passwords that nobody may choose: lines 'SHA-1 in capitals:count', sorted, as Have I
    #: Been Pwned gives them out. Without it only the most used, which are shipped, are refused.
    breached_passwords_file: Path | None = None
    #: Nothing is changed by pages, programs and the worker; people go on reading and signing in.
    read_only: bool = False
    #: The same as a switch: while this file is there ('directory read-only on'); holds the reason.
    read_only_file: Path = Path("instance/read-only")
    #: 'whoosh' keeps the search index in ``index_dir``, 'postgres' in the tables of the database.
    search_engine: str = "whoosh"
    #: Host names the directory answers to.
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    #: Accounts of a demonstration exist; every page says so, a password alone suffices.
    demo: bool = False
    #: Cookies only over HTTPS. Off only where the address is http://127.0.0.1.
    secure_cookies: bool = True
    #: Reverse proxies in front that set X-Forwarded-*.
    proxy_hops: int = 0
    #: Minutes after which an unused session ends, and hours after which any session ends.
    session_idle_minutes: int = 60
    session_hours: int = 12
    #: The same for officers and auditors, where these are shorter.
    officer_idle_minutes: int = 30
    officer_session_hours: int = 8
    #: Of a session that its owner made a duty desk: it only looks up, and stays open for the night.
    duty_desk_idle_hours: int = 24
    duty_desk_days: int = 7
    #: Days after the end of a posting at which an officer is erased for good.
    officer_retention_days: int = 365
    #: TOML file of the States' own sign-in (OpenID Connect), one table for each; needs an extra.
    oidc_file: Path | None = None
    #: Address the secretariat can be written to.
    secretariat_contact: str = ""
    #: Hours for which a routing-critical change waits for objections after its approval.
    hold_hours: int = 72
    #: Publish descriptive changes, and count closed days, at once, marked 'not yet reviewed'.
    descriptive_at_once: bool = False
    #: Days after which a draft or proposal that nobody touched expires.
    proposal_days: int = 90
    #: Hours within which officers mean to decide on a proposal, by the class of the change.
    review_hours_descriptive: int = 120
    review_hours_substantive: int = 120
    review_hours_critical: int = 48
    #: And where the State reports that its channel does not work.
    review_hours_emergency: int = 4
    #: Where people reach the directory, as links in mails begin: 'https://directory.example.org'.
    base_url: str = ""
    #: Host that takes mail. Without one mail waits, and a demonstration keeps it in /mailbox.
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    #: 'starttls', 'tls' from the first byte, or 'none' (only to a host on the same machine).
    smtp_tls: str = "starttls"
    #: Address that mails come from.
    mail_from: str = ""
    #: PEM files of the key and certificate that sign mails (S/MIME); both or none.
    smime_key: Path | None = None
    smime_certificate: Path | None = None
    #: Permanent missions that are written to when a State does not confirm: 'FR=mission@...'.
    mission_addresses: tuple[str, ...] = ()
    #: Where the secretariat is told of States that do not confirm.
    secretariat_list: tuple[str, ...] = ()
    #: Connections kept to the database, per process.
    pool_size: int = 5
    #: Look-ups of contacts by one account: from how many an hour a notice is shown, and after how
    #: many a day only 24/7 points and urgent questions go on. 0 is no limit.
    views_soft_hourly: int = 60
    views_hard_daily: int = 200
    #: The same for all accounts of one State together.
    state_views_soft_hourly: int = 300
    state_views_hard_daily: int = 1000
    #: Days for which it is kept who looked at what.
    read_audit_days: int = 730
    #: Minutes for which a line behind glass is shown to who gave a reason.
    glass_minutes: int = 15
    #: Folder of the printed editions, each file under its SHA-256.
    editions_dir: Path = Path("instance/editions")
    #: Editions, and duty packs, that one account may take away in a day; 0 is no limit.
    takes_daily: int = 5
    #: Reports ('It did not work') that one account makes in a day and nobody has answered yet; a
    #: desk that rings around at night meets a handful. 0 is no limit.
    reports_daily: int = 20

    @property
    def session_keys(self) -> KeyRing:
        """Sign session cookies, form tokens, links and codes in mails, and passkey challenges."""
        return KeyRing(self.session_key, self.session_key_next, self.session_keys_earlier)

    @property
    def peppers(self) -> KeyRing:
        """Hash passwords together with their salt."""
        return KeyRing(
            self.password_pepper, self.password_pepper_next, self.password_peppers_earlier
        )

    @property
    def field_keys(self) -> KeyRing:
        """Encrypt second-factor secrets and recent look-ups."""
        return KeyRing(self.field_key, self.field_key_next, self.field_keys_earlier)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the environment over the file; raises ``SettingsError`` with every problem found."""
        environment = os.environ if environ is None else environ
        path = Path(environment.get(FILE_VARIABLE) or DEFAULT_FILE)
        given, problems = _from_file(path, required=FILE_VARIABLE in environment)
        given |= {
            key.removeprefix(PREFIX).lower(): value
            for key, value in environment.items()
            if key.startswith(PREFIX) and key != FILE_VARIABLE
        }
        return cls.from_values(given, problems)

    @classmethod
    def from_values(cls, given: Mapping[str, Any], problems: list[str] | None = None) -> Self:
        """Check and convert plain values; raises ``SettingsError`` with every problem found."""
        problems = list(problems or ())
        known = {one.name: one for one in fields(cls)}
        problems += [_unknown(key, known) for key in given if key not in known]
        values: dict[str, Any] = {}
        for name, one in known.items():
            _read(name, one, given, values, problems)
        problems += shared_secrets(values)
        problems += _lonely(values)
        if problems:
            raise SettingsError(problems)
        return cls(**values)


def _from_file(path: Path, required: bool) -> tuple[dict[str, Any], list[str]]:
    """What the file holds, and what is wrong with it all the same.

    Raises ``SettingsError`` where it cannot be read: each setting would be missing for that alone.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        is_open = path.stat().st_mode & 0o077
    except FileNotFoundError:
        if not required:
            return {}, []
        missing = f"settings file {path} is missing: create it or unset {FILE_VARIABLE}"
        raise SettingsError([missing]) from None
    except OSError as error:
        unreadable = f"settings file {path} cannot be read ({error.strerror})"
        cure = f"let {FILE_VARIABLE} name a file the directory's user owns"
        raise SettingsError([f"{unreadable}: {cure}"]) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        unread = f"settings file {path} is not TOML in UTF-8 ({error}): mend that place"
        raise SettingsError([unread]) from error
    if is_open:
        return values, [f"settings file {path} is readable by others: chmod 600 {path}"]
    return values, []


def _unknown(key: str, known: Mapping[str, object]) -> str:
    alike = get_close_matches(key, known, n=1)
    meant = f"remove it, or write {alike[0]} if that is meant" if alike else "remove it"
    return f"{key}: unknown setting; {meant} (the operator's manual lists them all)"


def _read(
    name: str,
    one: "Field[Any]",
    given: Mapping[str, Any],
    values: dict[str, Any],
    problems: list[str],
) -> None:
    variable = PREFIX + name.upper()
    if name not in given or given[name] == "":
        if one.default is MISSING:
            problems.append(f"{name}: missing; set {variable} or put it into the settings file")
        return
    try:
        values[name] = convert(name, one.type, given[name])
    except ValueError as error:
        problems.append(f"{name}: {error}; mend {variable} or the settings file")


def _lonely(values: Mapping[str, Any]) -> list[str]:
    return [
        f"{other}: missing, and {name} needs it; set {PREFIX}{other.upper()}"
        for name, others in TOGETHER.items()
        if values.get(name)
        for other in others
        if not values.get(other)
    ]
