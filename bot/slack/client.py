"""The Web API client, and how long it is patient with Slack's rate limits."""

from __future__ import annotations

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

LONGEST_WAIT = 20
"""Seconds that a rate limit may ask us to wait; beyond that the call fails and says so."""


def retry_after(value: str | None) -> int:
    """The seconds of a `Retry-After` header; 1 when it does not say."""
    return int(value) if value and value.isascii() and value.isdigit() else 1


class PatientRateLimit(AsyncRateLimitErrorRetryHandler):
    """Waits out a 429, but only as long as somebody may be waiting for the result."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or response.status_code != 429:
            return False
        values = next((values for name, values in response.headers.items() if name.lower() == "retry-after"), None)
        return retry_after(values[0] if values else None) <= LONGEST_WAIT


def web_client(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client whose calls are never repeated after a broken connection: the first one may have been taken.

    A message would be there twice (slack_sdk repeats any call once by default). A 429 was not taken, so it is.
    """
    handlers = [PatientRateLimit(max_retry_count=2)]
    return AsyncWebClient(token, base_url=api_url, session=session, retry_handlers=list(handlers))
