"""A sweep of whole statuses, over real DNS and TLS on loopback."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from bot.compose import Parts
from bot.playground.world import running_world
from bot.sweep.order import Order
from bot.sweep.run import sweep

DOMAINS = {
    "example.cz": ("works", []),
    "zahrada.example": ("works", []),
    "propadla.example": ("broken", ["certificate_expired", "certificate_expired"]),
    "bezcertifikatu.example": ("broken", ["certificate_name_mismatch", "certificate_name_mismatch"]),
    "jinde.example": ("not_ours", ["not_hosted_here"]),
}


async def test_every_domain_gets_its_own_status_and_its_server_is_looked_at_once(tmp_path: Path) -> None:
    """The same as `mailbot status`, the report beside it; what belongs to a server is measured once."""
    file, output, report = tmp_path / "domains", tmp_path / "out.jsonl", tmp_path / "report.md"
    file.write_text("\n".join(DOMAINS))
    async with running_world() as world:
        parts = Parts(world.config(), dial=world.dial)
        assert await sweep(Order(str(file), output=output, report=report), parts) == 1
        for server in world.mail_servers.values():
            await server.settled()
            bare = Counter(visit.role.port for visit in server.visits if visit.hello and visit.sni is None)
            assert max(bare.values(), default=0) <= 1, bare
    told = {one["domain"]: one for one in map(json.loads, output.read_text().splitlines())}
    seen = {name: (one["verdict"], [finding["code"] for finding in one["findings"]]) for name, one in told.items()}
    assert seen == DOMAINS
    assert {service["port"] for service in told["example.cz"]["services"]} >= {993, 995, 587}
    assert "mail8.skok.cz" in report.read_text()
