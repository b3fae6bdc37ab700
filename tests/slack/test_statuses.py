"""`/mailstatus`: at once what is known, complete a moment later, and what a lead may do with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.advice.certificate import TrustStore
from bot.advice.sight import Judge
from bot.answer import FoundBy, MailServer
from bot.catalogue.reader import load_catalogue
from bot.domain import DomainName
from bot.facts import DnsAnswer, Outcome, Protocol, Row, Security, TlsVersion
from bot.playground.slack_people import AGENT, GUEST, LEAD, SUPPORT
from bot.provider.profile import ServerName
from bot.serve import StatusEdges
from bot.slack.state import NoState
from bot.slack.status_state import MOST_OF_A_VALUE, StatusState, StatusView, pack_status, unpack_status
from bot.status.judge import ServiceSeen, Status
from bot.status.model import Finding, Level, Verdict
from bot.status.server import ServerFacts, ServerStatus, judge_server
from bot.status.versions import Versions
from tests.slack.conftest import Desk, Open, shown
from tests.slack.test_form import opened

NOW = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)
EXPIRED = Finding("certificate_expired", Level.ERROR, {"host": "mail.example.cz", "ports": "993", "date": "2026-11-13"})


def status_of(domain: DomainName, *, is_whole: bool = True, finding: Finding | None = None) -> Status:
    """A status with one service seen; without the whole, submission is open."""
    server = MailServer("mail8.skok.cz", 8, FoundBy.CNAME, ("192.0.2.8",), f"imap.{domain}", NOW)
    service = ServiceSeen(
        Protocol.IMAP, f"mail.{domain}", "192.0.2.8", 993, Security.IMPLICIT_TLS, True, TlsVersion.TLS1_3,
        (f"mail.{domain}",), NOW + timedelta(days=60), None, True, True, Versions((TlsVersion.TLS1_3,)),
    )  # fmt: skip
    return Status(
        domain=domain,
        verdict=Verdict.WORKS if is_whole else Verdict.UNKNOWN,
        server=server,
        rows={"imap": "mail8.skok.cz", "pop": "mail8.skok.cz", "mail": "mail8.skok.cz", "smtp": "mail8.skok.cz"},
        findings=(finding,) if finding else (),
        services=(service,),
        missing=() if is_whole else ((Protocol.SMTP, 587),),
        troubles=(),
        checked_at=NOW,
    )


@dataclass
class Look:
    """A status on its way, held back until the gate opens."""

    domain: DomainName
    gate: asyncio.Event
    error: Exception | None = None

    async def whole(self) -> Status:
        """Everything."""
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return status_of(self.domain)

    def so_far(self) -> Status:
        """Without submission."""
        return status_of(self.domain, is_whole=False)


@dataclass
class ScriptedStatuses:
    """Looks as told."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[tuple[str, bool]] = field(default_factory=list)
    error: Exception | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    @asynccontextmanager
    async def begin(self, domain: DomainName, *, fresh: bool = False) -> AsyncIterator[Look]:
        """Begin to look."""
        self.asked.append((domain.ascii, fresh))
        yield Look(domain, self.gate, self.error)

    async def status(self, server: ServerName, *, fresh: bool = False) -> ServerStatus:
        """Look at a server."""
        self.asked.append((server.host, fresh))
        await self.gate.wait()
        facts = ServerFacts(server, Row(DnsAnswer(server.host, "A", Outcome.FOUND, NOW, values=("192.0.2.8",))), ())
        return judge_server(facts, Judge(TrustStore(()), load_catalogue(), NOW), ())


@pytest.fixture
def statuses() -> ScriptedStatuses:
    """What is told about domains."""
    return ScriptedStatuses()


@pytest.fixture
async def desk(open_desk: Open, statuses: ScriptedStatuses) -> AsyncIterator[Desk]:
    """A desk at which the statuses are scripted."""
    async with open_desk(statuses=StatusEdges(statuses, statuses)) as desk:
        yield desk


async def ask(desk: Desk, text: str, **options: Any) -> Any:
    """Type the command."""
    return await desk.slack.command("/mailstatus", text, **options)


async def test_a_status_that_is_soon_whole_is_one_message(desk: Desk) -> None:
    """Verdict first; details are folded away; private."""
    reply = await ask(desk, "jan@example.cz", user=LEAD)
    assert reply.body["response_type"] == "ephemeral"
    assert "example.cz" in reply.body["text"]
    assert "jan" not in shown(reply.body)
    assert {element["action_id"] for _, element in reply.message.elements} == {
        "status_show", "status_settings", "status_again", "status_share",
    }  # fmt: skip
    assert not desk.slack.answers


async def test_what_takes_longer_is_named_and_follows_as_one_message(desk: Desk, statuses: ScriptedStatuses) -> None:
    """The acknowledgement holds what is known after a second and a half."""
    statuses.gate.clear()
    reply = await ask(desk, "example.cz", user=LEAD)
    assert 1.4 < reply.seconds < 2.5
    assert "SMTP 587" in shown(reply.body)
    statuses.gate.set()
    answer = await desk.slack.next_response()
    assert "SMTP 587" not in shown(answer.body)
    assert answer.message is not reply.message


async def test_details_on_demand(desk: Desk) -> None:
    """In the same message, and folded away again."""
    reply = await ask(desk, "example.cz", user=LEAD)
    await desk.slack.press(reply.message, "status_show")
    unfolded = await desk.slack.next_response()
    assert unfolded.message is not None
    assert unfolded.message is reply.message
    assert len(shown(unfolded.body)) > len(shown(reply.body))
    await desk.slack.press(unfolded.message, "status_show")
    assert len(shown((await desk.slack.next_response()).body)) < len(shown(unfolded.body))


async def test_checking_again_fills_in_the_same_message(desk: Desk, statuses: ScriptedStatuses) -> None:
    """What is known soon, then everything; past every cache."""
    reply = await ask(desk, "example.cz", user=LEAD)
    statuses.gate.clear()
    await desk.slack.press(reply.message, "status_again")
    first = await desk.slack.next_response()
    assert "SMTP 587" in shown(first.body)
    statuses.gate.set()
    second = await desk.slack.next_response()
    assert first.message is second.message is reply.message
    assert "SMTP 587" not in shown(second.body)
    assert statuses.asked[-1] == ("example.cz", True)


async def test_sharing_posts_it_once(desk: Desk) -> None:
    """Without buttons; nothing was handed out by it."""
    reply = await ask(desk, "example.cz", user=LEAD)
    await desk.slack.press(reply.message, "status_share")
    await desk.slack.until(lambda: reply.message.deleted)
    message = desk.slack.world.channel(SUPPORT).messages[-1]
    assert message.elements == []
    assert LEAD in shown(message)
    assert desk.bot.shared.entries == []


async def test_settings_for_a_client_are_a_form_away(desk: Desk) -> None:
    """With the domain filled in."""
    reply = await ask(desk, "example.cz", user=AGENT)
    await desk.slack.press(reply.message, "status_settings")
    form = await opened(desk)
    (domain,) = (element for _, element in form.elements if element["action_id"] == "domain")
    assert domain["initial_value"] == "example.cz"


async def test_several_domains_are_a_table(desk: Desk, statuses: ScriptedStatuses) -> None:
    """Each once, its own status one click away."""
    reply = await ask(desk, "example.cz zahrada.cz EXAMPLE.CZ.", user=LEAD)
    assert [domain for domain, _ in statuses.asked] == ["example.cz", "zahrada.cz"]
    assert "zahrada.cz" in shown(reply.body)
    await desk.slack.press(reply.message, "status_show_1")
    answer = await desk.slack.next_response()
    assert "zahrada.cz" in answer.body["text"]


async def test_a_server_has_a_status_too(desk: Desk, statuses: ScriptedStatuses) -> None:
    """By its number or its name; while nothing is known, that it is looked at; no settings for a client."""
    reply = await ask(desk, "mail8", user=LEAD)
    assert "mail8.skok.cz" in reply.body["text"]
    assert "status_settings" not in {element["action_id"] for _, element in reply.message.elements}
    assert statuses.asked == [("mail8.skok.cz", False)]
    statuses.gate.clear()
    assert "mail3.skok.cz" in (await ask(desk, "mail3.skok.cz", user=LEAD)).body["text"]
    statuses.gate.set()
    assert "mail3.skok.cz" in (await desk.slack.next_response()).body["text"]
    mixed = await ask(desk, "example.cz mail8", user=LEAD)
    assert "mail8.skok.cz" in shown(mixed.body)


@pytest.mark.parametrize("text", ["", "help", "nápověda"])
async def test_help(desk: Desk, statuses: ScriptedStatuses, text: str) -> None:
    """With real examples."""
    assert "/mailstatus example.cz" in shown((await ask(desk, text)).body)
    assert statuses.asked == []


@pytest.mark.parametrize("text", ["nonsense", "example.cz not_a_domain"])
async def test_what_is_no_domain_is_said(desk: Desk, statuses: ScriptedStatuses, text: str) -> None:
    """And nothing is looked at."""
    assert text.split()[-1] in (await ask(desk, text, user=LEAD)).body["text"]
    assert statuses.asked == []


async def test_guests_are_refused(desk: Desk, statuses: ScriptedStatuses) -> None:
    """As with settings."""
    assert "colleague" in (await ask(desk, "example.cz", user=GUEST)).body["text"]
    assert statuses.asked == []


async def test_trouble_is_told_with_an_id(desk: Desk, statuses: ScriptedStatuses) -> None:
    """At once, late, and at a click."""
    reply = await ask(desk, "example.cz")
    statuses.error = RuntimeError("broken")
    assert "kód" in (await ask(desk, "example.cz")).body["text"]
    await desk.slack.press(reply.message, "status_again")
    assert "kód" in (await desk.slack.next_response()).body["text"]
    statuses.gate.clear()
    await ask(desk, "example.cz")
    statuses.gate.set()
    assert "kód" in (await desk.slack.next_response()).body["text"]


async def test_the_limit_counts_domains(open_desk: Open, statuses: ScriptedStatuses) -> None:
    """Each is a look-up."""
    async with open_desk(statuses=StatusEdges(statuses, statuses), MAILBOT_LOOKUPS_PER_MINUTE="2") as desk:
        assert "3krát" not in shown((await ask(desk, "a.cz b.cz")).body)
        assert "2krát" in (await ask(desk, "c.cz")).body["text"]


@pytest.mark.parametrize(
    "state",
    [
        StatusState(("example.cz",)),
        StatusState(("example.cz", "xn--hkyrky-ptac70bc.cz"), StatusView.DETAILS, "1700000000.000100"),
    ],
)
def test_a_state_comes_back_as_it_went(state: StatusState) -> None:
    """Through a button's value."""
    assert unpack_status(pack_status(state)) == state


def test_long_lists_are_cut_to_what_a_value_holds() -> None:
    """Whole domains only."""
    domains = tuple(f"{'a' * 60}{n}.{'b' * 60}.cz" for n in range(40))
    packed = pack_status(StatusState(domains))
    assert len(packed) <= MOST_OF_A_VALUE
    assert unpack_status(packed).domains == domains[: len(unpack_status(packed).domains)]


@pytest.mark.parametrize(
    "value", [None, "", "s1|||", "s2|||a.cz", "s1|x||a.cz", "s1||<!channel>|a.cz", "s1|||A.cz", "s1|||a", "x" * 3000]
)
def test_what_we_did_not_make_is_no_state(value: object) -> None:
    """Whoever wrote it."""
    with pytest.raises(NoState):
        unpack_status(value)
