"""The stories that people play, from the first key to the last."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bot.reply.words import words
from tests.browser.conftest import Play
from tests.browser.player import Player

Snap = Callable[[Player, str], None]


BOTH = pytest.mark.parametrize("who", ["Jana", "Petr"])
"""An agent who reads Czech, a team lead who reads English."""


@BOTH
def test_the_agents_story(play: Play, snap: Snap, who: str) -> None:
    """Command, Windows version, POP3, the customer's text, share."""
    player = play(who)
    reads = player.reads
    player.say("/mailsettings example.cz outlook-2007")
    answer = player.last("Outlook 2007")
    expect(answer).to_contain_text(reads("Vidíte jen vy", "Only visible to you"))
    expect(answer).to_contain_text("mail8.skok.cz")
    expect(answer).to_contain_text(reads("ověřeno", "verified"))
    if who == "Jana":
        snap(player, "agent")
    player.choose(answer, reads("Verze systému…", "System version …"), "Windows 7")
    expect(answer).to_contain_text("Windows 7")
    answer.get_by_role("button", name="POP3").click()
    expect(answer).to_contain_text("995")
    answer.get_by_role("button", name=reads("Text pro zákazníka", "Text for the customer")).click()
    expect(answer).to_contain_text(reads("Dobrý den", "Hello"))
    player.choose(answer, reads("Jazyk…", "Language …"), reads("Angličtina", "Czech"))
    expect(answer).to_contain_text(reads("Hello", "Dobrý den"))
    answer.get_by_role("button", name=reads("Zpět k nastavení", "Back to the settings")).click()
    expect(answer).to_contain_text("995")
    answer.get_by_role("button", name=reads("Sdílet do kanálu", "Share in this channel")).click()
    shared = player.last(reads("Sdílí", "Shared by"))
    expect(shared).to_contain_text("995")
    expect(player.messages().filter(has_text=reads("Vidíte jen vy", "Only visible to you"))).to_have_count(0)
    other = play("Petr" if who == "Jana" else "Jana")
    expect(other.last("995")).to_be_visible()


def test_help_and_mistakes(play: Play) -> None:
    """What is wrong with a command is said with the nearest right one."""
    petr = play("Petr")
    petr.say("/mailsettings help")
    expect(petr.last("Type the customer's domain")).to_be_visible()
    petr.say("/mailsettings nonsense")
    expect(petr.last("nonsense")).to_contain_text("example.cz")


@BOTH
def test_the_thread_story(play: Play, snap: Snap, who: str) -> None:
    """A customer's message, the shortcut in its menu, the private answer, shared into the thread."""
    player = play(who)
    reads = player.reads
    field = reads("Doména nebo e-mailová adresa", "Domain or e-mail address")
    submit, private = reads("Zjistit nastavení", "Look up settings"), reads("Vidíte jen vy", "Only visible to you")
    player.say("Volal jan@example.cz, v Outlooku 2010 mu nejde pošta.")
    message = player.last("Volal")
    player.do_with(message, "Settings for message")
    form = player.modal()
    expect(form.get_by_label(field)).to_have_value("example.cz")
    program = form.get_by_role("combobox", name=reads("Program zákazníka", "Customer's mail program"))
    expect(program).to_have_value("Microsoft Outlook 2010")
    form.get_by_role("button", name=submit).click()
    answer = player.last(private)
    expect(answer).to_contain_text("Outlook 2010")
    answer.get_by_role("button", name=reads("Sdílet do vlákna", "Share in the thread")).click()
    message.get_by_role("button", name=re.compile("1 odpověď|1 reply")).click()
    expect(player.in_thread().last).to_contain_text(reads("Sdílí", "Shared by"))
    player.say_in_thread("díky, předávám")
    expect(player.in_thread().last).to_contain_text("předávám")
    player.do_with(player.in_thread().last, "Settings for message")
    form.get_by_label(field).fill("zahrada.example")
    form.get_by_role("button", name=submit).click()
    expect(player.in_thread().last).to_contain_text(private)
    expect(player.in_thread().last).to_contain_text("zahrada.example")
    if who == "Jana":
        snap(player, "thread")


@BOTH
def test_the_form_story(play: Play, snap: Snap, who: str) -> None:
    """A wrong domain is said at its field; a client is found with a typing error; the answer comes in place."""
    player = play(who)
    reads = player.reads
    submit = reads("Zjistit nastavení", "Look up settings")
    player.say("/mailsettings")
    form = player.modal()
    domain = form.get_by_label(reads("Doména nebo e-mailová adresa", "Domain or e-mail address"))
    domain.fill("nonsense")
    program = reads("Program zákazníka", "Customer's mail program")
    player.choose(form, program, "Microsoft Outlook 2010", typing="outlok 2010")
    player.choose(form, reads("Verze systému", "System version"), "Windows 7")
    expect(domain).to_have_value("nonsense")
    form.get_by_role("button", name=submit).click()
    expect(domain).to_have_attribute("aria-invalid", "true")
    expect(form).to_contain_text("example.cz")
    if who == "Petr":
        snap(player, "form")
    domain.fill("jan@example.cz")
    form.get_by_role("button", name=submit).click()
    expect(form).to_have_count(0)
    answer = player.last(reads("Vidíte jen vy", "Only visible to you"))
    expect(answer).to_contain_text("Outlook 2010")
    expect(answer).to_contain_text("Windows 7")


def test_a_required_field_is_asked_for_by_the_page(play: Play) -> None:
    """As Slack's client does: nothing is sent; and Escape closes the form."""
    jana = play("Jana")
    jana.say("/mailsettings")
    form = jana.modal()
    form.get_by_role("button", name="Zjistit nastavení").click()
    expect(form.get_by_label("Doména nebo e-mailová adresa")).to_be_focused()
    expect(form).to_contain_text("Toto pole vyplňte")
    jana.page.keyboard.press("Escape")
    expect(form).to_have_count(0)


@BOTH
def test_the_mention(play: Play, who: str) -> None:
    """Free words in a channel, answered in their thread for all to see; and in a direct message."""
    player = play(who)
    asked = player.reads("nastavení pro jan@example.cz v Outlooku 2010", "settings for jan@example.cz in Outlook 2010")
    player.say(f"@mailbot {asked}")
    player.last(asked[:14]).get_by_role("button", name=re.compile("1 odpověď|1 reply")).click()
    answer = player.in_thread().last
    expect(answer).to_contain_text("mail8.skok.cz")
    expect(answer).not_to_contain_text(player.reads("Vidíte jen vy", "Only visible to you"))
    player.page.get_by_test_id("channel-D0AGENT" if who == "Jana" else "channel-D0LEAD").click()
    player.page.get_by_role("tab", name=player.reads("Zprávy", "Messages")).click()
    player.say(player.reads("example.cz na iPhonu", "settings for example.cz on an iPhone"))
    player.last("example.cz").get_by_role("button", name=re.compile("1 odpověď|1 reply")).click()
    expect(player.in_thread().last).to_contain_text("mail.example.cz")


@BOTH
def test_what_does_it_say(play: Play, who: str) -> None:
    """A warning with a name: chosen in the menu, the name entered, and the cause judged by what was measured."""
    player = play(who)
    reads = player.reads
    act = reads("Udělejte", "Do")
    player.say("/mailsettings example.cz outlook-2010")
    answer = player.last("Outlook 2010")
    label = words("cs" if who == "Jana" else "en").text("symptom.certificate-name.label")
    player.choose(answer, reads("Co program hlásí?", "What does it say?"), label, typing="certif")
    expect(answer).to_contain_text(reads("Zeptejte se", "Ask"))
    answer.get_by_role(
        "button", name=reads("Zadat jméno z certifikátu…", "Enter the name on the certificate …")
    ).click()
    form = player.modal()
    field, judge = reads("Jméno na certifikátu", "Name on the certificate"), reads("Posoudit", "Judge")
    form.get_by_label(field).fill("to nevím")
    form.get_by_role("button", name=judge).click()
    expect(form).to_contain_text(reads("To není jméno serveru", "That is no server name"))
    form.get_by_label(field).fill("mail3.skok.cz")
    form.get_by_role("button", name=judge).click()
    expect(answer).to_contain_text("mail3.skok.cz")
    expect(answer).to_contain_text(act)
    player.say("/mailsettings example.cz outlook-2010 0x800CCC0E")
    expect(player.last("0x800CCC0E")).to_contain_text(act)


@BOTH
def test_a_move_is_seen_by_check_again(play: Play, snap: Snap, who: str) -> None:
    """The world changes, the answer follows; behind the scenes stand the questions and handshakes."""
    player = play(who)
    player.say("/mailsettings example.cz outlook-2007")
    answer = player.last("Outlook 2007")
    expect(answer).to_contain_text("mail8.skok.cz")
    world = player.open_panel("world")
    customer = world.get_by_role("listitem").filter(has_text="example.cz").first
    customer.get_by_role("button", name=player.reads("Přesunout", "Move")).click()
    player.page.get_by_role("menuitem", name="mail3.skok.cz").click()
    expect(customer).to_contain_text("mail3.skok.cz")
    answer.get_by_role("button", name=player.reads("Ověřit znovu", "Check again")).click()
    expect(answer).to_contain_text("mail3.skok.cz")
    trace = player.open_panel("trace")
    steps = trace.get_by_test_id("trace-step")
    expect(steps.filter(has_text="imap.example.cz").first).to_be_visible()
    expect(steps.filter(has_text="993").first).to_be_visible()
    if who == "Jana":
        snap(player, "move")


@BOTH
def test_the_status_story(play: Play, who: str) -> None:
    """A certificate ends, the status says so and what to do; details on demand; a form for settings; shared at last."""
    player = play(who)
    reads = player.reads
    player.say("/mailstatus example.cz")
    answer = player.last(reads("stav pošty", "mail status"))
    expect(answer).to_contain_text(reads("funguje", "works"))
    world = player.open_panel("world")
    customer = world.get_by_role("listitem").filter(has_text="example.cz").first
    customer.get_by_role("button", name=reads("Rozbít certifikát", "Break the certificate")).click()
    player.page.get_by_role("menuitem", name=re.compile("propadlý|expired")).click()
    answer.get_by_role("button", name=reads("Ověřit znovu", "Check again")).click()
    expect(answer).to_contain_text(reads("vypršel", "expired"))
    expect(answer).to_contain_text(reads("obnovit certifikát", "renew the certificate"))
    answer.get_by_role("button", name=reads("Podrobnosti", "Details")).click()
    expect(answer).to_contain_text(reads("Bez podrobností", "Hide details"))
    expect(answer).to_contain_text("mail.example.cz (127.0.1.8)")
    answer.get_by_role("button", name=reads("Bez podrobností", "Hide details")).click()
    answer.get_by_role("button", name=reads("Nastavení pro program…", "Settings for a program …")).click()
    field = player.modal().get_by_label(reads("Doména nebo e-mailová adresa", "Domain or e-mail address"))
    expect(field).to_have_value("example.cz")
    player.page.keyboard.press("Escape")
    answer.get_by_role("button", name=reads("Sdílet do kanálu", "Share in this channel")).click()
    expect(player.last(reads("Sdílí", "Shared by"))).to_contain_text(reads("vypršel", "expired"))
    player.say("/mailstatus kvetiny.example")
    expect(player.last("kvetiny.example")).to_contain_text("include:spf1.c4.cz")


@BOTH
def test_the_story_of_the_programs(play: Play, snap: Snap, who: str) -> None:
    """Which get in: the usual ones with their gate, then all, and back; of a server too."""
    player = play(who)
    reads = player.reads
    for name in ("example.cz", "mail8.skok.cz"):
        player.say(f"/mailstatus {name}")
        status = player.last(f"{name} · {reads('stav pošty', 'mail status')}")
        status.get_by_role("button", name=reads("Které programy?", "Which clients?")).click()
        answer = player.last(f"{name} · {reads('které programy', 'which programs')}")
        expect(answer).to_contain_text("TLS 1.2–1.3")
        expect(answer).to_contain_text("Outlook Express 5/6")
        expect(answer).not_to_contain_text("Thunderbird 78+")
        if who == "Jana" and name == "example.cz":
            snap(player, "programs")
        answer.get_by_role("button", name=reads("Všechny programy", "All clients")).click()
        expect(answer).to_contain_text("Thunderbird 78+")
        expect(answer).to_contain_text("Mutt 1.9+")
        answer.get_by_role("button", name=reads("Jen běžné programy", "Usual clients only")).click()
        expect(answer).not_to_contain_text("Thunderbird 78+")
        answer.get_by_role("button", name=reads("Zpět ke stavu", "Back to the status")).click()
        expect(status).to_be_visible()


@BOTH
def test_several_domains_stand_together_and_open_one_by_one(play: Play, who: str) -> None:
    """The worst first; a choice in the menu opens one below, and the summary stays."""
    player = play(who)
    reads = player.reads
    player.say("/mailstatus example.cz propadla.example zahrada.example mail8")
    summary = player.last(reads("Stav domén: 4", "Status of 4 domains"))
    expect(summary).to_contain_text(reads("nefunguje: 1", "broken: 1"))
    player.choose(summary, reads("Otevřít stav domény…", "Open a domain's status …"), "zahrada.example")
    opened = player.last(f"zahrada.example · {reads('stav pošty', 'mail status')}")
    expect(opened).to_contain_text("mail3.skok.cz")
    player.choose(summary, reads("Otevřít stav domény…", "Open a domain's status …"), "mail8.skok.cz")
    server = player.last(f"mail8.skok.cz · {reads('stav pošty', 'mail status')}")
    expect(server).to_contain_text(reads("už vypnuté", "are off on this server"))
    expect(opened).to_be_visible()


def test_trouble_in_the_world_is_told(play: Play) -> None:
    """A broken certificate, then a server that is down."""
    petr = play("Petr")
    world = petr.open_panel("world")
    customer = world.get_by_role("listitem").filter(has_text="example.cz").first
    customer.get_by_role("button", name=re.compile("Break")).click()
    petr.page.get_by_role("menuitem", name=re.compile("expired|Expired")).click()
    petr.say("/mailsettings example.cz thunderbird")
    answer = petr.last("Thunderbird")
    expect(answer).to_contain_text("ended on")
    customer.get_by_role("button", name=re.compile("Mend")).click()
    world.get_by_test_id("power-mail8.skok.cz").click()
    answer.get_by_role("button", name="Check again").click()
    expect(answer).to_contain_text("not verified")


def test_app_home(play: Play) -> None:
    """What was asked is one click away."""
    petr = play("Petr")
    petr.say("/mailsettings example.cz thunderbird")
    expect(petr.last("Thunderbird")).to_be_visible()
    petr.page.get_by_test_id("channel-D0LEAD").click()
    petr.page.get_by_role("tab", name="Home").click()
    home = petr.page.get_by_test_id("home")
    expect(home).to_contain_text("example.cz")
    home.get_by_role("button", name="Ask again").click()
    expect(petr.modal()).to_contain_text("mail.example.cz")
    petr.modal().get_by_role("button", name="POP3").click()
    expect(petr.modal()).to_contain_text("995")


def test_a_guest_is_refused_kindly(play: Play) -> None:
    """And a command is completed by the keyboard alone."""
    guest = play("Host")
    field = guest.page.get_by_test_id("composer").locator("textarea")
    field.press_sequentially("/mail")
    expect(guest.page.get_by_test_id("completion")).to_contain_text("/mailsettings")
    field.press("Tab")
    field.press_sequentially("example.cz")
    field.press("Enter")
    expect(guest.last("colleague")).to_contain_text("Only visible to you")
