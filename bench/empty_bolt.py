"""A Bolt app that does nothing: what a command costs before anybody looks at it. `python -m bench.empty_bolt PORT`.

It checks the signature and acknowledges, over aiohttp as Bolt serves it, with process_before_response.
"""

from __future__ import annotations

import sys

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bench.load import COMMAND, SECRET


async def _authorize(**_request: object) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-bench")


async def _acknowledge(ack: AsyncAck) -> None:
    await ack("done")


def main() -> None:
    """Serve until killed."""
    app = AsyncApp(signing_secret=SECRET, authorize=_authorize, process_before_response=True)
    app.command(COMMAND)(_acknowledge)
    app.start(port=int(sys.argv[1]))


if __name__ == "__main__":
    main()
