"""The command line: `mailbot settings`, `clients`, `serve` … What a command does not need is not imported."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec

import click

from bot import __version__
from bot.config import Config, ConfigError, config_from_environment
from bot.request import LANGUAGES

if TYPE_CHECKING:
    from bot.answer import Outcome
    from bot.compose import Parts
    from bot.domain import DomainName
    from bot.provider.profile import ServerName
    from bot.reply.page import Page
    from bot.request import UsageProblem
    from bot.status.judge import Status
    from bot.status.server import ServerStatus

P = ParamSpec("P")

ANSWERED, NEGATIVE, USAGE, OPEN, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses: answered; answered negatively; wrong usage; could not be found out; interrupted."""

_FILE = click.Path(dir_okay=False, path_type=Path)


def main() -> NoReturn:
    """Run the command line; ends the process with its exit status and never with a traceback."""
    try:
        status = commands.main(prog_name="mailbot", standalone_mode=False)
    except click.ClickException as error:
        if "--json" in sys.argv:
            _print_json({"error": {"code": "usage", "text": error.format_message()}})
        error.show()
        status = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        status = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        status = ANSWERED
    sys.exit(status if isinstance(status, int) else ANSWERED)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mailbot")
def commands() -> None:
    """Mail settings for a hosting customer's own mail program, proved by DNS and TLS.

    \b
    mailbot settings example.cz outlook-2007
    mailbot settings jan@example.cz thunderbird --protocol pop3 --lang en
    mailbot playground
    mailbot serve
    """


def _reports_mistakes(command: Callable[P, int]) -> Callable[P, int]:
    """Turn a configuration that cannot be used into exit status 2 and its mistakes, one a line."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        from bot.catalogue.reader import CatalogueError
        from bot.provider.profile import ProfileError
        from bot.symptoms.reader import SymptomsError

        try:
            return command(*args, **kwargs)
        except (ConfigError, CatalogueError, ProfileError, SymptomsError) as error:
            return _fail("configuration", error.mistakes, USAGE, as_json=bool(kwargs.get("as_json")))
        except (click.ClickException, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # a bug: the promise is plain sentences, whatever happens
            if os.environ.get("MAILBOT_LOG_LEVEL", "").lower() == "debug":
                raise
            told = (f"internal error ({type(error).__name__}); MAILBOT_LOG_LEVEL=debug shows where. Please report it.",)
            return _fail("internal_error", told, OPEN, as_json=bool(kwargs.get("as_json")))

    return run


def _fail(code: str, mistakes: tuple[str, ...], status: int, *, as_json: bool) -> int:
    if as_json:
        _print_json({"error": {"code": code, "text": "; ".join(mistakes)}})
    for mistake in mistakes:
        click.echo(f"mailbot: {mistake}", err=True)
    return status


def _configure() -> Config:
    config, warnings = config_from_environment()
    for warning in warnings:
        click.echo(f"mailbot: {warning}", err=True)
    return config


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


# settings


@commands.command()
@click.argument("domain")
@click.argument("client", nargs=-1)
@click.option("--protocol", type=click.Choice(["imap", "pop3"]), help="How mail is received; IMAP when not given.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the answer.")
@click.option("--no-probe", is_flag=True, help="Ask only DNS, connect to no mail server; nothing is verified then.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_reports_mistakes
def settings(
    domain: str, client: tuple[str, ...], protocol: str | None, lang: str | None, no_probe: bool, as_json: bool
) -> int:
    """Settings of DOMAIN for a mail CLIENT, as its own dialog calls them.

    DOMAIN may be an e-mail address or a link; CLIENT an id of `mailbot clients`, a name or a nickname.

    What the program says may follow: an error code, a few words, or the host name it shows on a certificate.

    \b
    mailbot settings example.cz outlook-2007
    mailbot settings jan@example.cz outlook 2010 win7
    mailbot settings example.cz tandrbird --protocol pop3 --lang en --json
    mailbot settings example.cz outlook-2010 0x800CCC0E
    mailbot settings example.cz outlook-2010 certificate mail8.skok.cz
    """
    from bot.compose import Parts
    from bot.request import UsageProblem, parse_settings_request

    config = _configure()
    parts, language = Parts(config), lang or config.language
    words = " ".join((domain, *client, *([protocol] if protocol else [])))
    request = parse_settings_request(words, parts.matcher.match, parts.profile)
    if isinstance(request, UsageProblem):
        _show_problem(request, language, as_json)
        return USAGE
    outcome = asyncio.run(parts.lookup.settings(request, probe=not no_probe))
    return _show_outcome(outcome, language, as_json, parts)


def _show_problem(problem: UsageProblem, language: str, as_json: bool) -> None:
    from bot.reply.as_json import problem_json
    from bot.reply.settings import problem_page

    if as_json:
        _print_json(problem_json(problem, language))
        return
    page = problem_page(problem, language)
    click.echo(page.summary, err=True)
    for line in page.lines:
        click.echo("  " + "".join(span.text for span in line), err=True)


def _show_outcome(outcome: Outcome, language: str, as_json: bool, parts: Parts) -> int:
    from bot.answer import Refusal
    from bot.reply.as_json import settings_json
    from bot.reply.page import plain
    from bot.reply.settings import refusal_page, settings_page

    if as_json:
        _print_json(settings_json(outcome, language, parts.catalogue))
    elif isinstance(outcome, Refusal):
        for line in refusal_page(outcome, language).first:
            click.echo(plain(line), err=True)
    else:
        _print_page(settings_page(outcome, language, parts.catalogue))
    if isinstance(outcome, Refusal):
        return OPEN if outcome.is_open else NEGATIVE
    return ANSWERED


def _print_page(page: Page) -> None:
    from bot.reply.text import render_text

    is_terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, 110) if is_terminal else 110
    zone = datetime.now().astimezone().tzinfo
    click.echo(render_text(page, zone=zone, colour=is_terminal, width=width), nl=False)


# status


@commands.command()
@click.argument("names", nargs=-1, required=True, metavar="DOMAIN_OR_SERVER...")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each name.")
@_reports_mistakes
def status(names: tuple[str, ...], lang: str | None, as_json: bool) -> int:
    """Status of domains, or of mail servers: findings worst first, each with what to do.

    A domain may be an e-mail address or a link. Several names give a table, one line each.

    \b
    mailbot status example.cz
    mailbot status mail8
    mailbot status example.cz example.com --json
    """
    from bot.compose import Parts
    from bot.domain import InvalidDomain, host_part, parse_domain
    from bot.request import UsageProblem

    config = _configure()
    parts, language = Parts(config), lang or config.language
    subjects = [parts.profile.server(parts.profile.server_meant(host_part(n)) or "") or parse_domain(n) for n in names]
    invalid = [subject for subject in subjects if isinstance(subject, InvalidDomain)]
    for subject in invalid:
        problem = UsageProblem("invalid_domain", subject.reason, subject.typed, example="example.cz")
        _show_problem(problem, language, as_json)
    if invalid:
        return USAGE
    valid = [subject for subject in subjects if not isinstance(subject, InvalidDomain)]
    statuses = asyncio.run(_look_at(valid, parts, in_full=as_json or len(valid) == 1))
    _show_statuses(statuses, language, as_json)
    return max(map(_exit_status, statuses))


async def _look_at(
    subjects: list[DomainName | ServerName], parts: Parts, *, in_full: bool
) -> list[Status | ServerStatus]:
    """Look at all domains and servers side by side."""
    from bot.provider.profile import ServerName

    return await asyncio.gather(
        *(
            parts.server_status.status(subject)
            if isinstance(subject, ServerName)
            else parts.status.status(subject, versions=in_full)
            for subject in subjects
        )
    )


def _show_statuses(statuses: list[Status | ServerStatus], language: str, as_json: bool) -> None:
    """One alone is told in full."""
    from bot.reply.status import server_page, status_page, status_table
    from bot.reply.status_json import server_json, status_json
    from bot.status.judge import Status

    if as_json:
        for found in statuses:
            _print_json(status_json(found, language) if isinstance(found, Status) else server_json(found, language))
    elif len(statuses) == 1:
        found = statuses[0]
        _print_page(status_page(found, language) if isinstance(found, Status) else server_page(found, language))
    else:
        click.echo(status_table(statuses, language))


def _exit_status(status: Status | ServerStatus) -> int:
    """Open questions count before errors: what was not found out may be anything."""
    from bot.status.model import Verdict

    if status.verdict is Verdict.UNKNOWN:
        return OPEN
    return NEGATIVE if status.has_errors or status.verdict is Verdict.NOT_OURS else ANSWERED


# clients


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a client, every fact with its sources.")
@_reports_mistakes
def clients(as_json: bool) -> int:
    """The client catalogue: ids, names, SNI, TLS versions and what to expect.

    \b
    mailbot clients
    mailbot clients --json | head -1
    """
    from bot.compose import Parts
    from bot.reply.clients import client_json, client_table

    config = _configure()
    parts = Parts(config)
    catalogue, roots = parts.catalogue, parts.profile.roots
    if as_json:
        for client in catalogue.clients.values():
            _print_json(client_json(client, roots))
    else:
        click.echo(client_table(catalogue, roots, config.language))
    return ANSWERED


# sweep


@commands.command()
@click.argument("file")
@click.option("--output", type=_FILE, help="Add results to this file; a second run goes on where one was stopped.")
@click.option("--report", type=_FILE, help="Write a report at the end: a name that ends in .html or .md.")
@click.option("--concurrency", type=click.IntRange(1, 1000), help="Domains under way at once; 32, or 128 by DNS alone.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="Domains a second at most.")
@click.option("--dns-only", is_flag=True, help="Ask only for the DNS rows, connect to no mail server.")
@click.option("--compare", type=_FILE, help="Print only what changed since this older output.")
@click.option("--expect", metavar="SERVER", help="Tell whether each domain has moved to this server.")
@click.option("--at", metavar="SERVER", help="Ask this server whether it holds the domains' certificates already.")
@_reports_mistakes
def sweep(file: str, **options: Any) -> int:
    """The status of every domain in FILE (-: standard input), one a line; one JSON object a line comes out.

    \b
    mailbot sweep domains.txt --output status.jsonl --report status.html
    mailbot sweep domains.txt --dns-only --expect mail3
    mailbot sweep domains.txt --at mail3 --output ready.jsonl
    """
    from bot.compose import Parts
    from bot.sweep.errors import SweepError
    from bot.sweep.order import Order
    from bot.sweep.run import sweep as run

    try:
        return asyncio.run(run(Order(file, **options), Parts(_configure())))
    except SweepError as error:
        return _fail("sweep", (str(error),), USAGE, as_json=False)


# serve, playground, doctor


@commands.command()
@_reports_mistakes
def serve() -> int:
    """Run the Slack app, over Socket Mode or HTTP by which tokens are set.

    \b
    SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… mailbot serve
    SLACK_BOT_TOKEN=xoxb-… SLACK_SIGNING_SECRET=… MAILBOT_LISTEN=0.0.0.0:3000 mailbot serve
    """
    from bot.serve import serve as run

    return asyncio.run(run(_configure()))


@commands.command()
@click.option("--port", type=click.IntRange(0, 65_535), help="Port of the page; the first free one from 8765 on.")
@click.option("--socket-mode", is_flag=True, help="The bot connects to Slack's stand-in, instead of being called.")
@_reports_mistakes
def playground(port: int | None, socket_mode: bool) -> int:
    """Play on this machine alone: a page like Slack, the real bot, and DNS and mail servers to break and mend.

    It needs neither settings nor the internet, and stays until Ctrl-C.

    \b
    mailbot playground
    mailbot playground --port 9000 --socket-mode
    """
    from bot.playground.command import forget_proxies
    from bot.playground.command import playground as run

    forget_proxies()
    return asyncio.run(run(port, "socket" if socket_mode else "http"))


@commands.command()
@_reports_mistakes
def doctor() -> int:
    """Check configuration, tokens, DNS servers and data files; say what is wrong and how to mend it.

    \b
    mailbot doctor
    """
    from bot.doctor import examine

    findings = asyncio.run(examine(_configure()))
    for finding in findings:
        click.echo(f"{finding.mark} {finding.text}")
    return NEGATIVE if any(not finding.is_good for finding in findings) else ANSWERED


def command_names() -> Iterator[str]:
    """The names of all commands, for the tests of the documentation."""
    yield from commands.commands
