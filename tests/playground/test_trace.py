"""Behind the scenes: what belongs to which action, in which order, and how much of it is kept."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network
from typing import Any

import dns.asyncquery
import dns.message
import pytest

from bot.compose import now
from bot.facts import Endpoint, Hello, Protocol, Security
from bot.network.guard import AddressGuard
from bot.network.tls_probe import Prober
from bot.playground.authority import Authority
from bot.playground.mail import MailServer, Visit, dial_map
from bot.playground.names import NameServer
from bot.playground.slack_delivery import Delivered
from bot.playground.slack_people import AGENT, SUPPORT
from bot.playground.slack_server import Answer, Call
from bot.playground.slack_socket import Kind
from bot.playground.trace import MOST_STEPS, MOST_TRACES, Trace, Traces
from bot.playground.trace_steps import visit_step
from bot.playground.trace_titles import channel_of, title_of, user_of

Json = dict[str, Any]


def command(text: str, response_id: str = "R1") -> Json:
    """A command as it is delivered."""
    return {
        "token": "old",
        "command": "/mailsettings",
        "text": text,
        "user_id": AGENT,
        "channel_id": SUPPORT,
        "response_url": f"http://127.0.0.1:1/response/{response_id}",
    }


def begun(number: int, payload: Json, kind: Kind = "slash_commands") -> Delivered:
    """A delivery that begins."""
    return Delivered(number, kind, payload, 1_800_000_000.0)


def ended(number: int, **how: Any) -> Delivered:
    """A delivery that ended."""
    return Delivered(number, "slash_commands", {}, 0.0, **{"status": 200, "seconds": 0.0204, "body": "", **how})


def call(method: str) -> Call:
    """A call of the Web API."""
    return Call(method, {"channel": SUPPORT}, 0.0, "ok")


def steps(traces: Traces) -> dict[str, list[str]]:
    """The titles of every trace's steps."""
    return {trace.id: [step["title"] for step in trace.steps] for trace in traces.all}


async def test_a_step_belongs_to_the_latest_action_begun() -> None:
    """What comes before any action belongs to none."""
    traces = Traces()
    traces.on_slack("call", call("auth.test"))
    traces.on_slack("delivery", begun(1, command("a.cz")))
    traces.on_slack("call", call("users.info"))
    traces.on_slack("delivery", begun(2, command("b.cz")))
    traces.on_slack("call", call("chat.postMessage"))
    assert steps(traces) == {"T1": ["users.info"], "T2": ["chat.postMessage"]}
    traces.close()


async def test_an_answer_belongs_to_the_action_whose_url_it_uses() -> None:
    """However late it comes; one that is nobody's goes to the latest."""
    traces = Traces()
    traces.on_slack("delivery", begun(1, command("a.cz", "R1")))
    traces.on_slack("delivery", begun(2, command("b.cz", "R11")))
    traces.on_slack("answer", Answer("R1", {"text": "late"}, 200))
    traces.on_slack("answer", Answer("R7", {"text": "whose?"}, 404, error="expired_url"))
    first, second = traces.all
    assert [step["detail"]["body"]["text"] for step in first.steps] == ["late"]
    assert [(step["outcome"], step["detail"]["status"]) for step in second.steps] == [("expired_url", 404)]
    traces.close()


async def test_the_acknowledgement() -> None:
    """Its time, its status and what was in it; an error when there was none."""
    traces = Traces()
    traces.on_slack("delivery", begun(1, command("a.cz")))
    traces.on_slack("delivery", ended(1, body={"text": "hi"}))
    traces.on_slack("delivery", begun(2, command("b.cz")))
    traces.on_slack("delivery", ended(2, status=0, seconds=3.0, body="operation_timeout", error="operation_timeout"))
    traces.on_slack("delivery", ended(99))
    first, second = (trace.as_json() for trace in traces.all)
    assert (first["status"], first["acknowledged_ms"], first["acknowledgement"]) == (200, 20.4, {"text": "hi"})
    assert (second["status"], second["acknowledged_ms"], second["error"]) == (0, None, "operation_timeout")
    assert first["at"] == 1_800_000_000.0
    assert "token" not in first["request"]
    traces.close()


async def test_an_action_is_over_when_it_was_quiet() -> None:
    """Each step begins the wait anew; what comes afterwards belongs to nobody."""
    told, traces = asyncio.Queue[Trace](), Traces(quiet=0.05)
    traces.tell = told.put_nowait
    traces.on_slack("delivery", begun(1, command("a.cz")))
    traces.on_slack("delivery", ended(1))
    async with asyncio.timeout(5):
        while not (await told.get()).done:
            pass
    traces.on_slack("call", call("auth.test"))
    assert steps(traces) == {"T1": []}


async def test_an_action_is_not_over_before_its_acknowledgement() -> None:
    """However quiet it is; and the one before is over with it when the next one has begun."""
    traces = Traces(quiet=0.01)
    traces.on_slack("delivery", begun(1, command("a.cz")))
    await asyncio.sleep(0.05)
    traces.on_slack("delivery", begun(2, command("b.cz")))
    assert [trace.done for trace in traces.all] == [False, False]
    traces.on_slack("delivery", ended(1))
    assert [trace.done for trace in traces.all] == [True, False]
    traces.close()


async def test_an_acknowledgement_after_the_quiet_ends_it() -> None:
    """With another wait."""
    told, traces = asyncio.Queue[Trace](), Traces(quiet=0.02)
    traces.tell = told.put_nowait
    traces.on_slack("delivery", begun(1, command("a.cz")))
    await asyncio.sleep(0.06)
    traces.on_slack("delivery", ended(1))
    async with asyncio.timeout(5):
        while not (await told.get()).done:
            pass


async def test_it_is_bounded() -> None:
    """The oldest traces go, the last steps are left out."""
    traces = Traces()
    for number in range(MOST_TRACES + 5):
        traces.on_slack("delivery", begun(number, command("a.cz")))
    for _ in range(MOST_STEPS + 5):
        traces.on_slack("call", call("users.info"))
    assert len(traces.all) == MOST_TRACES
    assert traces.all[0].id == "T5"
    assert len(traces.all[-1].steps) == MOST_STEPS
    traces.close()


async def ask(server: NameServer, name: str, rtype: str) -> None:
    """Put a question to the name server."""
    await dns.asyncquery.udp(dns.message.make_query(name, rtype), server.address[0], port=server.address[1], timeout=5)


async def test_questions_of_dns(name_server: NameServer) -> None:
    """With the records of the answer, or its code; without those that the bot asks on its own."""
    name_server.zone = {"imap.example.cz": {"CNAME": "mail8.skok.cz"}, "mail8.skok.cz": {"A": "127.0.1.8"}}
    traces = Traces(lambda name: name.startswith("mail9."))
    name_server.watchers.append(traces.on_question)
    await ask(name_server, "mail8.skok.cz", "A")
    traces.on_slack("delivery", begun(1, command("example.cz")))
    for name, rtype in (("imap.example.cz", "A"), ("imap.example.cz", "MX"), ("nic.cz", "A"), ("mail9.skok.cz", "A")):
        await ask(name_server, name, rtype)
    told = [(step["kind"], step["title"], step["outcome"]) for step in traces.all[0].steps]
    assert told == [
        ("dns", "A imap.example.cz", "mail8.skok.cz → 127.0.1.8"),
        ("dns", "MX imap.example.cz", "mail8.skok.cz"),
        ("dns", "A nic.cz", "NXDOMAIN"),
    ]
    detail = traces.all[0].steps[2]["detail"]
    assert detail == {"name": "nic.cz", "type": "A", "transport": "udp", "code": "NXDOMAIN", "records": []}
    traces.close()


@pytest.mark.parametrize(
    ("identity", "hello", "title", "outcome"),
    [
        ("mail.a.cz", Hello("mail.a.cz"), "m.cz:993, SNI mail.a.cz", "TLSv1.3, certificate for mail.a.cz"),
        ("m.cz", Hello(None), "m.cz:993, no SNI", "TLSv1.3, certificate for m.cz"),
        (None, Hello("mail.a.cz"), "m.cz:993, SNI mail.a.cz", "TLS failed"),
    ],
)
async def test_visits_at_mail_servers(
    identity: str | None, hello: Hello, title: str, outcome: str, authority: Authority
) -> None:
    """What the client named, how far TLS came, and the certificate it was shown."""
    shown = authority.issue([identity]) if identity else None
    visits = asyncio.Queue[Visit]()
    async with MailServer(shown, address="127.0.1.8") as server:
        server.watchers.append(visits.put_nowait)
        guard = AddressGuard([ip_network("127.0.0.0/8")])
        prober = Prober(guard, clock=now, dial=lambda *told: dial_map([server])[told])
        endpoint = Endpoint("127.0.1.8", 993, Protocol.IMAP, Security.IMPLICIT_TLS)
        await prober.probe(endpoint, hello, deadline=asyncio.get_running_loop().time() + 5)
        async with asyncio.timeout(5):
            step = visit_step("m.cz", server, await visits.get())
        assert (step.title, step.outcome) == (title, outcome)
        assert (step.detail["certificate"] or {}).get("names") == ([identity] if identity else None)
    assert visits.empty()


async def test_a_visit_that_never_came_to_tls(authority: Authority) -> None:
    """It is told once, at its end."""
    visits = asyncio.Queue[Visit]()
    async with MailServer(authority.issue(["m.cz"]), address="127.0.1.8") as server:
        server.watchers.append(visits.put_nowait)
        server.silent.add(587)
        reader, writer = await asyncio.open_connection(*server.ports[587])
        writer.write(b"EHLO me\r\n")
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(5):
            step = visit_step("m.cz", server, await visits.get())
    assert (step.title, step.outcome) == ("m.cz:587, no TLS", "ended before TLS")
    assert visits.empty()


VIEW = {"id": "V1", "title": {"text": "Mail settings"}, "submit": {"text": "Look up"}}
OPTION = {"text": {"text": "Thunderbird"}, "value": "thunderbird-78"}
EVENT = {"type": "app_mention", "text": "<@U0MAILBOT> hi", "user": AGENT, "channel": SUPPORT}


@pytest.mark.parametrize(
    ("kind", "payload", "title"),
    [
        ("slash_commands", command("example.cz  x"), "/mailsettings example.cz  x"),
        ("slash_commands", command(""), "/mailsettings"),
        ("events_api", {"event": EVENT}, "<@U0MAILBOT> hi"),
        ("events_api", {"event": {"type": "app_home_opened", "user": AGENT}}, "app_home_opened"),
        (
            "interactive",
            {"type": "block_actions", "actions": [{"type": "button", "text": {"text": "Share"}}]},
            "[Share]",
        ),
        (
            "interactive",
            {"type": "block_actions", "actions": [{"type": "static_select", "selected_option": OPTION}]},
            "[Thunderbird]",
        ),
        (
            "interactive",
            {"type": "block_actions", "actions": [{"type": "checkboxes", "selected_options": [OPTION]}]},
            "[Thunderbird]",
        ),
        (
            "interactive",
            {"type": "block_actions", "actions": [{"type": "users_select", "selected_user": AGENT}]},
            f"[{AGENT}]",
        ),
        (
            "interactive",
            {"type": "block_actions", "actions": [{"type": "plain_text_input", "value": "a.cz"}]},
            "[a.cz]",
        ),
        ("interactive", {"type": "block_suggestion", "value": "thu"}, "thu…"),
        ("interactive", {"type": "view_submission", "view": VIEW}, "Mail settings [Look up]"),
        ("interactive", {"type": "view_closed", "view": VIEW}, "Mail settings [×]"),
        ("interactive", {"type": "shortcut", "callback_id": "mail_settings"}, "mail_settings"),
    ],
)
def test_titles(kind: str, payload: Json, title: str) -> None:
    """What a person did, in a few words."""
    assert title_of(kind, payload) == title


def test_who_and_where() -> None:
    """In whichever way the payload says it."""
    assert (user_of(command("")), channel_of(command(""))) == (AGENT, SUPPORT)
    assert (user_of({"event": EVENT}), channel_of({"event": EVENT})) == (AGENT, SUPPORT)
    click = {"user": {"id": AGENT}, "channel": {"id": SUPPORT}}
    assert (user_of(click), channel_of(click)) == (AGENT, SUPPORT)
    assert (user_of({"user": {"id": AGENT}}), channel_of({"user": {"id": AGENT}})) == (AGENT, None)
