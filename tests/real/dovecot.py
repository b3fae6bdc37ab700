"""Dovecot on loopback: IMAP and POP3, TLS at once and STARTTLS, certificates by the name the client sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.playground.authority import Identity
from tests.real.programs import program, running
from tests.real.tls import Span

PORTS = (143, 993, 110, 995)
_OPENSSL = """
openssl_conf = all
[all]
ssl_conf = tls
[tls]
system_default = bounds
[bounds]
MaxProtocol = {highest}
"""
"""Dovecot has a setting for the lowest version only; the highest is OpenSSL's."""


@contextmanager
def dovecot(
    folder: Path,
    address: str,
    default: Identity,
    by_name: Mapping[str, Identity],
    tls: Span,
    *,
    is_swapped: bool = False,
) -> Iterator[None]:
    """Serve the four ports of `address`; nobody can log in. `is_swapped`: 993 and 995 wait for STARTTLS."""
    folder.mkdir(parents=True)
    (folder / "openssl.cnf").write_text(_OPENSSL.format(highest=tls.names[1]))
    configuration = folder / "dovecot.conf"
    configuration.write_text(_configuration(folder, address, default, by_name, tls, is_swapped))
    with running([program("dovecot"), "-F", "-c", str(configuration)], folder / "log", [(address, p) for p in PORTS]):
        yield


def _configuration(
    folder: Path,
    address: str,
    default: Identity,
    by_name: Mapping[str, Identity],
    tls: Span,
    is_swapped: bool,
) -> str:
    names = "".join(
        f"local_name {name} {{\n{_certificate(identity, folder, f'name-{number}')}}}\n"
        for number, (name, identity) in enumerate(by_name.items())
    )
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
listen = {address}
protocols = imap pop3
ssl = yes
import_environment = OPENSSL_CONF={folder}/openssl.cnf
ssl_min_protocol = {tls.names[0]}
ssl_cipher_list = {tls.ciphers}
{_certificate(default, folder, "default")}{names}
passdb {{
  driver = static
  args = nopassword=n
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}
}}
{_login("imap", 143, 993, is_swapped)}{_login("pop3", 110, 995, is_swapped)}
"""


def _certificate(identity: Identity, folder: Path, name: str) -> str:
    chain, key = identity.write(folder, name)
    return f"ssl_cert = <{chain}\nssl_key = <{key}\n"


def _login(protocol: str, plain: int, tls: int, is_swapped: bool) -> str:
    """One process serves many connections: a process for each would measure fork()."""
    secure = "imaps" if protocol == "imap" else "pop3s"
    return f"""
service {protocol}-login {{
  service_count = 0
  process_min_avail = 1
  inet_listener {protocol} {{
    port = {plain}
  }}
  inet_listener {secure} {{
    port = {tls}
    ssl = {"no" if is_swapped else "yes"}
  }}
}}
"""
