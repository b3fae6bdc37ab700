"""Knot DNS on loopback, with zones out of Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.real.programs import program, running

Record = tuple[str, str, str]
"""Owner (absolute, without the final dot), type, data as a zone file has it."""
Zones = Mapping[str, Sequence[Record] | None]
"""Records by zone, "." for the root. None: the zone is configured and cannot be loaded, so it answers SERVFAIL."""

_SOA = "SOA ns.invalid. hostmaster.invalid. {serial} 3600 600 86400 60"


@contextmanager
def knot(folder: Path, address: str, zones: Zones, ttl: int = 300, serial: int = 1) -> Iterator[str]:
    """Serve `zones` on port 53 of `address`; authoritative, no recursion. Gives the address."""
    folder.mkdir()
    for number, (zone, records) in enumerate(zones.items()):
        if records is not None:
            (folder / f"{number}.zone").write_text(_zone_file(zone, records, ttl, serial))
    configuration = folder / "knot.conf"
    configuration.write_text(_configuration(folder, address, list(zones)))
    with running([program("knotd"), "-c", str(configuration)], folder / "log", [(address, 53)]):
        yield address


def _configuration(folder: Path, address: str, zones: Sequence[str]) -> str:
    head = f"""
server:
    rundir: "{folder}"
    listen: {address}@53
    background-workers: 1
    udp-workers: 1
    tcp-workers: 1
database:
    storage: "{folder}"
log:
  - target: stderr
    any: info
zone:
"""
    return head + "".join(
        f'  - domain: "{zone}"\n    file: "{folder / str(number)}.zone"\n    journal-content: none\n'
        for number, zone in enumerate(zones)
    )


def _zone_file(zone: str, records: Sequence[Record], ttl: int, serial: int) -> str:
    origin = zone.rstrip(".") + "."
    lines = [f"$TTL {ttl}", f"{origin} {_SOA.format(serial=serial)}"]
    if not any(owner == zone and rtype == "NS" for owner, rtype, _ in records):
        lines.append(f"{origin} NS ns.invalid.")
    return "\n".join([*lines, *(f"{owner}. {rtype} {data}" for owner, rtype, data in records), ""])
