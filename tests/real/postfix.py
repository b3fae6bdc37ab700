"""Postfix on loopback: submission by STARTTLS (587) and TLS at once (465), certificates by the name the client sends.

Everything lives in its own folder; the machine's own configuration is not read and not written.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.playground.authority import Identity
from tests.real.programs import program, running
from tests.real.tls import Span

PORTS = (587, 465)
_QUEUE_FOLDERS = ("pid", "private", "public", "active", "incoming", "deferred", "maildrop")


@contextmanager
def postfix(
    folder: Path,
    address: str,
    default: Identity,
    by_name: Mapping[str, Identity],
    tls: Span,
    *,
    is_plain: bool = False,
) -> Iterator[None]:
    """Serve both ports of `address`; nobody may send. `is_plain`: port 587 offers no STARTTLS."""
    configuration = folder / "etc"
    configuration.mkdir(parents=True)
    _make_queue(folder)
    (configuration / "main.cf").write_text(_main(folder, default, tls))
    (configuration / "master.cf").write_text(_master(address, is_plain))
    _write_names(folder, by_name)
    master = Path(_setting(configuration, "daemon_directory")) / "master"
    with running([str(master), "-c", str(configuration), "-d"], folder / "log", [(address, p) for p in PORTS]):
        yield


def _make_queue(folder: Path) -> None:
    for name in _QUEUE_FOLDERS:
        (folder / "queue" / name).mkdir(parents=True)
    owner = pwd.getpwnam("postfix")
    (folder / "data").mkdir()
    for path in (folder / "data", *(folder / "queue" / name for name in _QUEUE_FOLDERS if name != "pid")):
        shutil.chown(path, owner.pw_uid)


def _main(folder: Path, default: Identity, tls: Span) -> str:
    chain, key = default.write(folder, "default")
    protocols = ">={}, <={}".format(*tls.names)
    return f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
myhostname = mail.invalid
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_recipient_maps =
alias_maps =
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = reject
smtpd_tls_chain_files = {key}, {chain}
smtpd_tls_security_level = may
smtpd_tls_protocols = {protocols}
smtpd_tls_mandatory_protocols = {protocols}
tls_medium_cipherlist = {tls.ciphers}
tls_server_sni_maps = btree:{folder}/names
"""


def _master(address: str, is_plain: bool) -> str:
    return f"""
{address}:587 inet n - n - - smtpd -o smtpd_tls_security_level={"none" if is_plain else "encrypt"}
{address}:465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
rewrite unix - - n - - trivial-rewrite
postlog unix-dgram n - n - 1 postlogd
"""


def _write_names(folder: Path, by_name: Mapping[str, Identity]) -> None:
    """The table of names: `postmap -F` puts the files' contents into it."""
    table = folder / "names"
    written = {name: identity.write(folder, f"name-{n}") for n, (name, identity) in enumerate(by_name.items())}
    table.write_text("".join(f"{name} {key}, {chain}\n" for name, (chain, key) in written.items()))
    for path in (table, folder / "etc" / "main.cf"):
        os.utime(path, (0, 0))  # what is younger than two seconds is waited for, since times are not exact
    subprocess.run([program("postmap"), "-c", str(folder / "etc"), "-F", f"btree:{table}"], check=True, timeout=30)


def _setting(configuration: Path, name: str) -> str:
    command = [program("postconf"), "-c", str(configuration), "-h", name]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout.strip()
