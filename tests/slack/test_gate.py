"""The gate: what a stranger, a broken sender and a replay get."""

from __future__ import annotations

import asyncio
import json
import time
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack_payloads import sign
from bot.slack.gate import KEPT_FOR, MOST_KEPT, Rejected, Replays, read_payload, replay_key
from tests.slack.conftest import Desk

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BODY = urlencode({"command": "/mailsettings", "text": "help", "user_id": "U0AGENT", "trigger_id": "1"}).encode()
DEEP = b"[" * 200_000


async def _post(desk: Desk, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{desk.bot.url}/slack/events", data=body, headers=headers) as response,
    ):
        return response.status, await response.read()


def _signed(desk: Desk, body: bytes, *, at: float | None = None) -> dict[str, str]:
    return {**FORM, **sign(desk.slack.signing_secret, body, int(time.time() if at is None else at))}


@pytest.mark.parametrize("missing", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
async def test_a_missing_header_is_401(desk: Desk, missing: str) -> None:
    """Nothing is parsed."""
    headers = _signed(desk, BODY)
    del headers[missing]
    assert await _post(desk, BODY, headers) == (401, b"")


@pytest.mark.parametrize("timestamp", ["", "abc", "-1", "1e9", "٣٣٣", "9" * 400, "1.5"])
async def test_a_timestamp_that_is_no_number_is_401(desk: Desk, timestamp: str) -> None:
    """Bolt would answer 500."""
    headers = {**_signed(desk, BODY), "X-Slack-Request-Timestamp": timestamp}
    assert (await _post(desk, BODY, headers))[0] == 401


@pytest.mark.parametrize("off", [-301, -86_400, 310, 86_400])
async def test_an_old_or_future_timestamp_is_401(desk: Desk, off: int) -> None:
    """Though the signature is right."""
    assert (await _post(desk, BODY, _signed(desk, BODY, at=time.time() + off)))[0] == 401


@pytest.mark.parametrize("signature", ["", "v0=", "v0=" + "0" * 64, "v1=" + "0" * 64, "v0=" + "é" * 64, "x" * 5000])
async def test_a_wrong_signature_is_401(desk: Desk, signature: str) -> None:
    """Non-ASCII ones too."""
    headers = {**_signed(desk, BODY), "X-Slack-Signature": signature}
    assert (await _post(desk, BODY, headers))[0] == 401


async def test_another_body_under_a_right_signature_is_401(desk: Desk) -> None:
    """The signature is over the bytes."""
    assert (await _post(desk, BODY + b"x", _signed(desk, BODY)))[0] == 401


BROKEN = {
    "empty": b"",
    "blank": b"  ",
    "bad utf-8": b"text=\xff\xfe",
    "bad utf-8 behind percent signs": b"command=%2Fmailsettings&text=%ff%fe",
    "payload is no JSON": b"payload=%7Bnonsense",
    "payload is a list": b"payload=%5B%5D",
    "payload is null": b"payload=null",
    "JSON is broken": b'{"type": ',
    "JSON is deep": b'{"a":' + DEEP,
    "payload is deep": b"payload=" + DEEP,
    "no actions": urlencode({"payload": json.dumps({"type": "block_actions", "actions": []})}).encode(),
    "odd actions": urlencode({"payload": json.dumps({"type": "block_actions", "actions": [7]})}).encode(),
    "odd authorizations": b'{"type":"event_callback","authorizations":[7],"event":{"type":"message"}}',
    "odd event": b'{"type":"event_callback","event":7}',
    "many fields": b"a=1&" * 2000,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
async def test_a_signed_but_broken_body_is_400(desk: Desk, body: bytes) -> None:
    """Never a 5xx; one line in the log, with nothing of the body."""
    before = len(desk.logged().splitlines())
    status, answer = await _post(desk, body, _signed(desk, body))
    assert (status, answer) == (400, b"")
    (line,) = [json.loads(line) for line in desk.logged().splitlines()[before:] if '"rejected"' in line]
    assert line["status"] == 400
    assert "Traceback" not in desk.logged()


async def test_json_that_is_no_object_is_400(desk: Desk) -> None:
    """A list, with JSON's content type."""
    headers = {**_signed(desk, b"[1]"), "Content-Type": "application/json"}
    assert (await _post(desk, b"[1]", headers))[0] == 400


async def test_a_large_body_is_413_and_an_unsigned_one_401(desk: Desk) -> None:
    """10 MB are not read."""
    large = b"x" * 10_000_000
    headers = {**FORM, **sign(desk.slack.signing_secret, b"", int(time.time()))}
    assert await _try_large(desk, large, headers) == 413
    assert await _try_large(desk, large, FORM) == 401


async def _try_large(desk: Desk, body: bytes, headers: dict[str, str]) -> int:
    """The status line, read while the body is still on its way."""
    host, port = desk.bot.address.host, desk.bot.address.port
    reader, writer = await asyncio.open_connection(host, port)
    lines = [
        "POST /slack/events HTTP/1.1",
        "Host: x",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body[:100_000])
    status = int((await asyncio.wait_for(reader.readline(), 5)).split()[1])
    writer.close()
    return status


async def test_a_body_without_a_length_is_cut_off_at_the_limit(desk: Desk) -> None:
    """Chunks are counted while they come."""

    async def chunks():
        for _ in range(30):
            yield b"x" * 65_536

    headers = {**FORM, **sign(desk.slack.signing_secret, b"", int(time.time()))}
    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(f"{desk.bot.url}/slack/events", data=chunks(), headers=headers) as response:
                assert response.status == 413
        except aiohttp.ClientConnectionError:
            pass  # closed in our face: the log tells why
    assert '"too_large"' in desk.logged()


async def test_a_get_is_405(desk: Desk) -> None:
    """Only POST is served."""
    async with aiohttp.ClientSession() as session, session.get(f"{desk.bot.url}/slack/events") as response:
        assert response.status == 405


async def test_the_same_bytes_again_act_once(desk: Desk) -> None:
    """The repetition gets 200 and nothing else."""
    body = BODY.replace(b"help", b"example.cz+thunderbird")
    headers = _signed(desk, body)
    assert (await _post(desk, body, headers))[1]
    assert await _post(desk, body, headers) == (200, b"")
    assert len(desk.lookup.asked) == 1


async def test_a_click_delivered_twice_acts_once(desk: Desk) -> None:
    """By its trigger, under a new signature."""
    message = (await desk.ask("example.cz thunderbird")).message
    reply = await desk.slack.press(message, "check_again")
    await desk.slack.next_response()
    assert (await desk.slack.repeat(reply)).status == 200
    await desk.close()
    assert len(desk.lookup.asked) == 2


async def test_an_event_delivered_again_is_taken_once(desk: Desk) -> None:
    """By its event_id."""
    reply = await desk.slack.mention("<@U0MAILBOT> hello")
    assert (await desk.slack.repeat(reply, attempt=1)).status == 200
    assert '"repeated"' in desk.logged()


async def test_slack_may_verify_the_url(desk: Desk) -> None:
    """The challenge comes back."""
    body = b'{"type": "url_verification", "challenge": "abc"}'
    headers = {**_signed(desk, body), "Content-Type": "application/json"}
    status, answer = await _post(desk, body, headers)
    assert status == 200
    assert b"abc" in answer


def test_replays_are_forgotten_in_time_and_in_number() -> None:
    """Kept for longer than a signature holds, and never more than so many."""
    now = [0.0]
    replays = Replays(lambda: now[0])
    assert replays.is_new("a")
    now[0] = 600
    assert not replays.is_new("a")
    now[0] = KEPT_FOR + 1
    assert replays.is_new("a")
    for number in range(MOST_KEPT + 5):
        assert replays.is_new(f"n{number}")
    assert replays.is_new("a")


def test_the_key_of_a_delivery() -> None:
    """Event, then trigger, then the signature."""
    assert replay_key({"event_id": "E", "trigger_id": "T"}, "s") == "event_id:E"
    assert replay_key({"event_id": 7, "trigger_id": "T"}, "s") == "trigger_id:T"
    assert replay_key({}, "s") == "s"


@given(st.binary(max_size=300), st.sampled_from(["application/json", "application/x-www-form-urlencoded", ""]))
def test_any_bytes_are_an_object_or_rejected(body: bytes, content_type: str) -> None:
    """Nothing else leaves `read_payload`."""
    assert _read_or_status(body, content_type) in (dict, 400)


def _read_or_status(body: bytes, content_type: str) -> object:
    try:
        return type(read_payload(body, content_type))
    except Rejected as rejected:
        return rejected.status
