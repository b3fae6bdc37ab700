"""The stories that people play, from the first key to the last."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Play
from tests.browser.player import Player

Snap = Callable[[Player, str], None]


def test_the_agents_story(play: Play, snap: Snap) -> None:
    """Command, Windows version, POP3, the customer's text, share: in Czech."""
    jana = play("Jana")
    jana.say("/mailsettings example.cz outlook-2007")
    answer = jana.last("Outlook 2007")
    expect(answer).to_contain_text("Vidíte jen vy")
    expect(answer).to_contain_text("mail8.skok.cz")
    expect(answer).to_contain_text("ověřeno")
    snap(jana, "agent")
    jana.choose(answer, "Verze systému…", "Windows 7")
    expect(answer).to_contain_text("Windows 7")
    answer.get_by_role("button", name="POP3").click()
    expect(answer).to_contain_text("995")
    answer.get_by_role("button", name="Text pro zákazníka").click()
    expect(answer).to_contain_text("Dobrý den")
    jana.choose(answer, "Jazyk…", "Angličtina")
    expect(answer).to_contain_text("Hello")
    answer.get_by_role("button", name="Zpět k nastavení").click()
    expect(answer).to_contain_text("995")
    answer.get_by_role("button", name="Sdílet do kanálu").click()
    shared = jana.last("Sdílí")
    expect(shared).to_contain_text("995")
    expect(shared).not_to_contain_text("Vidíte jen vy")
    expect(jana.messages().filter(has_text="Vidíte jen vy")).to_have_count(0)
    petr = play("Petr")
    expect(petr.last("995")).to_be_visible()


def test_the_leads_story(play: Play) -> None:
    """The same bot speaks English to whoever reads Slack in English."""
    petr = play("Petr")
    petr.say("/mailsettings example.cz thunderbird")
    answer = petr.last("Thunderbird")
    expect(answer).to_contain_text("Only visible to you")
    expect(answer).to_contain_text("verified")
    expect(answer).to_contain_text("mail.example.cz")
    petr.say("/mailsettings help")
    expect(petr.last("Type the customer's domain")).to_be_visible()
    petr.say("/mailsettings nonsense")
    expect(petr.last("nonsense")).to_contain_text("example.cz")


def test_the_thread_story(play: Play, snap: Snap) -> None:
    """A customer's message, the shortcut in its menu, the private answer, shared into the thread."""
    jana = play("Jana")
    jana.say("Volal jan@example.cz, v Outlooku 2010 mu nejde pošta.")
    message = jana.last("Volal")
    jana.do_with(message, "Settings for message")
    form = jana.modal()
    expect(form.get_by_label("Doména nebo e-mailová adresa")).to_have_value("example.cz")
    expect(form.get_by_role("combobox", name="Program zákazníka")).to_have_value("Microsoft Outlook 2010")
    form.get_by_role("button", name="Zjistit nastavení").click()
    answer = jana.last("Vidíte jen vy")
    expect(answer).to_contain_text("Outlook 2010")
    answer.get_by_role("button", name="Sdílet do vlákna").click()
    message.get_by_role("button", name=re.compile("1 odpověď")).click()
    expect(jana.in_thread().last).to_contain_text("Sdílí")
    jana.say_in_thread("díky, předávám")
    jana.do_with(jana.in_thread().last, "Settings for message")
    form.get_by_label("Doména nebo e-mailová adresa").fill("zahrada.example")
    form.get_by_role("button", name="Zjistit nastavení").click()
    expect(jana.in_thread().last).to_contain_text("Vidíte jen vy")
    expect(jana.in_thread().last).to_contain_text("zahrada.example")
    snap(jana, "thread")


def test_the_form_story(play: Play, snap: Snap) -> None:
    """A wrong domain is said at its field; a client is found with a typing error; the answer comes in place."""
    petr = play("Petr")
    petr.say("/mailsettings")
    form = petr.modal()
    domain = form.get_by_label("Domain or e-mail address")
    domain.fill("nonsense")
    petr.choose(form, "Customer's mail program", "Microsoft Outlook 2010", typing="outlok 2010")
    petr.choose(form, "System version", "Windows 7")
    expect(domain).to_have_value("nonsense")
    form.get_by_role("button", name="Look up settings").click()
    expect(domain).to_have_attribute("aria-invalid", "true")
    expect(form).to_contain_text("example.cz")
    snap(petr, "form")
    domain.fill("jan@example.cz")
    form.get_by_role("button", name="Look up settings").click()
    expect(form).to_have_count(0)
    answer = petr.last("Only visible to you")
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


def test_the_mention(play: Play) -> None:
    """Free words in a channel, answered in their thread for all to see; and in a direct message."""
    jana = play("Jana")
    jana.say("@mailbot nastavení pro jan@example.cz v Outlooku 2010")
    asked = jana.last("nastavení pro")
    asked.get_by_role("button", name=re.compile("1 odpověď")).click()
    answer = jana.in_thread().last
    expect(answer).to_contain_text("mail8.skok.cz")
    expect(answer).not_to_contain_text("Vidíte jen vy")
    petr = play("Petr")
    petr.page.get_by_test_id("channel-D0LEAD").click()
    petr.page.get_by_role("tab", name="Messages").click()
    petr.say("settings for example.cz on an iPhone")
    petr.last("settings for").get_by_role("button", name=re.compile("1 reply")).click()
    expect(petr.in_thread().last).to_contain_text("mail.example.cz")


def test_what_does_it_say(play: Play, snap: Snap) -> None:
    """A warning with a name: chosen in the menu, the name entered, and the cause judged by what was measured."""
    jana = play("Jana")
    jana.say("/mailsettings example.cz outlook-2010")
    answer = jana.last("Outlook 2010")
    jana.choose(answer, "Co program hlásí?", "Na certifikátu je jiné jméno", typing="certifik")
    expect(answer).to_contain_text("Zeptejte se")
    answer.get_by_role("button", name="Zadat jméno z certifikátu…").click()
    form = jana.modal()
    form.get_by_label("Jméno na certifikátu").fill("to nevím")
    form.get_by_role("button", name="Posoudit").click()
    expect(form).to_contain_text("To není jméno serveru")
    form.get_by_label("Jméno na certifikátu").fill("mail3.skok.cz")
    form.get_by_role("button", name="Posoudit").click()
    expect(answer).to_contain_text("mail3.skok.cz")
    expect(answer).to_contain_text("Udělejte")
    jana.say("/mailsettings example.cz outlook-2010 0x800CCC0E")
    expect(jana.last("0x800CCC0E")).to_contain_text("Udělejte")


def test_a_move_is_seen_by_check_again(play: Play, snap: Snap) -> None:
    """The world changes, the answer follows; behind the scenes stand the questions and handshakes."""
    jana = play("Jana")
    jana.say("/mailsettings example.cz outlook-2007")
    answer = jana.last("Outlook 2007")
    expect(answer).to_contain_text("mail8.skok.cz")
    world = jana.open_panel("world")
    customer = world.get_by_role("listitem").filter(has_text="example.cz").first
    customer.get_by_role("button", name=re.compile("Přesunout")).click()
    jana.page.get_by_role("menuitem", name="mail3.skok.cz").click()
    expect(customer).to_contain_text("mail3.skok.cz")
    answer.get_by_role("button", name="Ověřit znovu").click()
    expect(answer).to_contain_text("mail3.skok.cz")
    trace = jana.open_panel("trace")
    steps = trace.get_by_test_id("trace-step")
    expect(steps.filter(has_text="imap.example.cz").first).to_be_visible()
    expect(steps.filter(has_text="993").first).to_be_visible()
    snap(jana, "move")


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
