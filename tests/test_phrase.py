"""Free words become a phrase: mentions, direct messages, customers' letters, and what in them means nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.catalogue.match import Matcher
from bot.catalogue.model import Chosen, ClientMatch
from bot.catalogue.reader import load_catalogue
from bot.domain import DomainName
from bot.facts import Protocol
from bot.letter import MOST_CHARACTERS, MOST_NAMES
from bot.phrase import Phrase, merge_phrases, read_phrase, request_of_phrase
from bot.provider.profile import load_profile
from bot.request import SettingsRequest, UsageProblem

CATALOGUE = load_catalogue()
MATCHER = Matcher(CATALOGUE)
PROFILE = load_profile()


def read(text: str) -> Phrase:
    """The phrase in a text, with the real catalogue and provider."""
    return read_phrase(text, MATCHER.find, PROFILE)


def outline(text: str) -> str:
    """What was understood, in one line: `domain client protocol language ticket`, choices as `a|b`."""
    phrase = read(text)
    client = phrase.client.client.id if phrase.client else "|".join(client.id for client in phrase.choices)
    said = (phrase.domain and phrase.domain.unicode, client, phrase.protocol, phrase.customer_language, phrase.ticket)
    return " ".join(str(one) for one in said if one)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        # What agents write
        ("nastavení pro jan@example.cz v Outlooku 2010", "example.cz outlook-2010"),
        ("settings for example.cz on an iPhone", "example.cz ios-12"),
        ("example.cz", "example.cz"),
        ("example.cz outlook 2010 pop3 en #1", "example.cz outlook-2010 pop3 en #1"),
        ("en outlook 2010 example.cz", "example.cz outlook-2010 en"),
        ("example.cz alpine pop3 en", "example.cz alpine pop3 en"),
        ("outlook 365 / firma.cz / #INC-123", "firma.cz outlook-365 #INC-123"),
        ("můžeš mi poslat nastavení na iPhonu pro example.cz, anglicky, #1234", "example.cz ios-12 en #1234"),
        ("mail firma.cz na Macu nejde", "firma.cz apple-mail-13"),
        ("potřebuju IMAP pro firma.cz do Thunderbirdu 115, text anglicky", "firma.cz thunderbird-78 imap en"),
        ("prosím o nastavení pro info@penzion.cz, má Windows Live Mail", "penzion.cz windows-live-mail-2012"),
        ("jde o K-9 Mail 5.0 a doménu firma.cz", "firma.cz k9-old"),
        ("klientka má iPad 2, hana@ateliér.cz", "ateliér.cz ios-9"),
        ("pošlite prosím nastavenia pre firma.sk, po slovensky, iPad", "firma.sk ios-12 sk"),
        ("nejde to s Thunderbirdom, firma.sk, sk", "firma.sk thunderbird-78 sk"),
        ("prosím sk verzi, firma.sk", "firma.sk sk"),
        ("firma.cz v angličtině a v Outlooku 2019", "firma.cz outlook-2019 en"),
        ("Could you send the settings for example.org in Slovak?", "example.org sk"),
        ("How do I set up jana@firma.cz in Thunderbird (POP3)?", "firma.cz thunderbird-78 pop3"),
        ("john@example.co.uk says his Outlook asks for a password", "example.co.uk outlook-365"),
        ("john@example.org cannot send from his Mac (macOS 10.11)", "example.org apple-mail-10.11"),
        ("in English please, firma.cz", "firma.cz en"),
        # What Slack makes of it
        (
            "<@U0MAILBOT> prosím zákazník z <http://zahrada.cz|zahrada.cz> má starý Outlook Express na XPčkách",
            "zahrada.cz outlook-express-6",
        ),
        ("<@U0MAILBOT|outlook> <mailto:a@b2.cz|a@b2.cz> <#C123|iphone> <!here>", "b2.cz"),
        ("<https://firma.cz/x|klikněte> na iPhonech", "firma.cz ios-12"),
        ("<tel:+420777123456|777 123 456> firma.cz", "firma.cz"),
        ("&lt;jan@firma.cz&gt; outlook", "firma.cz outlook-365"),
        ("*firma.cz* _outlook 2019_", "firma.cz outlook-2019"),
        ("`firma.cz` ~thunderbird~", "firma.cz thunderbird-78"),
        (":iphone: nejde :outlook: na firma.cz :apple:", "firma.cz"),
        ("čas 10:30:15, firma.cz", "firma.cz"),
        # What customers write
        (
            "Dobrý den, od včera mi nejde pošta v Outlooku 2016. Petr Novák, petr@novak-stavby.cz, "
            "tel. +420 777 123 456, www.novak-stavby.cz",
            "novak-stavby.cz outlook-2016",
        ),
        ("píšu z petr@gmail.com, ale doména zahrada.cz nejde", "zahrada.cz"),
        ("můj mail je petr@seznam.cz, web www.firma.cz", "firma.cz"),
        ("přes webmail.c4.cz to jde, firma.cz v eM Clientu ne", "firma.cz em-client"),
        ("imap.firma.cz a smtp.firma.cz hlásí chybu", "firma.cz"),
        ("Zaplatili jsme 2010 Kč za Outlook, firma.cz", "firma.cz outlook-365"),
        ("V kanceláři máme Office, mail jana@mala.cz", "mala.cz"),
        ("Thunderbird nejde, Outlook 2016 ano, firma.cz", "firma.cz thunderbird-78|outlook-2016"),
        ("píšete, že v Gmailu to jde? firma.cz", "firma.cz gmail-app|gmail-pop|gmail-sendas"),
        # Domains
        ("web jina.cz, adresa jan@firma.cz", "firma.cz"),
        ("petr@firma.cz nebo info@jina.cz?", "firma.cz"),
        ("e-mail:info@firma.cz, web:www.jina.cz", "firma.cz"),
        ("web:https://www.firma.cz:8080/a?b=jan@jina.cz", "firma.cz"),
        ("https://jan:heslo@firma.cz/", "firma.cz"),
        ("(firma.cz)", "firma.cz"),
        ("„firma.cz“", "firma.cz"),
        ("firma.cz.", "firma.cz"),
        ("firma.cz/kontakt", "firma.cz"),
        ("firma.cz:outlook", "firma.cz outlook-365"),
        ("firma.cz's settings", "firma.cz"),
        ("Firma.CZ", "firma.cz"),
        ("FIRMA.CZ OUTLOOK 2010", "firma.cz outlook-2010"),
        ("www.nejde.to", "nejde.to"),
        ("jan@firma.to", "firma.to"),
        ("jan.novak(at)firma.cz", "firma.cz"),
        ("jan.cz [zavináč] firma.cz", "firma.cz"),
        ("jan.cz @ firma.cz", "firma.cz"),
        ('"jan.cz novak"@firma.cz', "firma.cz"),
        ("xn--kvtiny-c5a.cz", "květiny.cz"),
        ("květiny.cz", "květiny.cz"),
        ("petr@gmail.com", "gmail.com"),
        ("outlook.cz mi nejde", "outlook.cz"),
        ("jan@c4.cz", "c4.cz"),
        ("jan@c4.cz a petr@gmail.com", "gmail.com"),
        ("má schránku na skok.cz, doména je firma.cz", "firma.cz"),
        ("mail8.skok.cz pro firma.cz", "firma.cz"),
        ("viz https://support.google.com/mail, jinak firma.cz", "firma.cz"),
        # No domains
        ("", ""),
        ("mail8.skok.cz", ""),
        ("jan@firma", ""),
        ("jan@co.uk", ""),
        ("@jan #podpora", ""),
        ("co.uk", ""),
        ("http://localhost/ http://192.0.2.1/", ""),
        ("V příloze report.pdf, foto.zip, nastaveni.docx, README.md", ""),
        ("atd. např. s.r.o., a.s., tj. Ing.Novák, o.p.s. e.g. i.e.", ""),
        ("nejde.Na webu ano.To je divné", ""),
        ("nejde.to a ani.na webu", ""),
        ("verze 16.0.1, 1.2.3.4, 10.30 hodin, 1.2.2024", ""),
        ("Mail.app, konec...cz, a.cz", ""),
        (r"C:\Users\jan\firma.pst", ""),
        ("image001.png@01D7A3F2.5B3C9A10", ""),
        ("přejít k v.Outlooku", "outlook-365"),
        ("umí node.js", "node"),
        # Protocols, languages, tickets
        ("přes POP 3 nebo pop-3, firma.cz", "firma.cz pop3"),
        ("IMAPem to nejde, firma.cz", "firma.cz imap"),
        ("IMAP4, firma.cz", "firma.cz imap"),
        ("jako pop, firma.cz", "firma.cz pop3"),
        ("účet pop server firma.cz", "firma.cz pop3"),
        ("firma.cz outlook pop", "firma.cz outlook-365 pop3"),
        ("můj POP nejde, firma.cz", "firma.cz pop3"),
        ("IMAP nebo POP3? firma.cz", "firma.cz"),
        ("windows that pop up, pop-up on firma.cz", "firma.cz"),
        ("pop music na firma.cz", "firma.cz"),
        ("I don't speak Czech. firma.cz", "firma.cz"),
        ("the English version of firma.cz", "firma.cz"),
        ("pobočky v cz i v sk a en masse, firma.cz", "firma.cz"),
        ("#podpora #1234, #99, firma.cz", "firma.cz #1234"),
        ("Re: [#12345] nejde, firma.cz", "firma.cz #12345"),
        ("c#1 &#39; a#2b ##3 firma.cz", "firma.cz"),
    ],
)  # fmt: skip
def test_free_words(text: str, understood: str) -> None:
    """Domain, client, protocol, language and ticket, each only where it was meant."""
    assert outline(text) == understood


@pytest.mark.parametrize(
    ("lines", "understood"),
    [
        (["Nejde mi firma.cz.", "", "Odesláno z iPhonu"], "firma.cz"),
        (["Nejde mi firma.cz.", "Sent from my Samsung Galaxy"], "firma.cz"),
        (["Nejde mi firma.cz v Outlooku 2010.", "Získejte Outlook pro iOS"], "firma.cz outlook-2010"),
        (["Nejde mi pošta.", "-- ", "Thunderbird fan club", "www.firma.cz"], "firma.cz"),
        (["Nejde mi Outlook 2010.", "S pozdravem", "Canon, Samsung a spol.", "firma.cz"], "firma.cz outlook-2010"),
        (["Nejde mi pošta.", "Regards", "Jan", "PS: I use Outlook 2010, firma.cz"], "firma.cz outlook-2010"),
        (["From: Petr <petr@firma.cz>", "To: podpora@c4.cz", "", "Mám Outlook 2013."], "firma.cz outlook-2013"),
        (["nastavení prosím", "&gt; v Thunderbirdu nejde pop3, jana@firma.cz"], "firma.cz thunderbird-78 pop3"),
        (["na iPhonu prosím", "> v Thunderbirdu nejde pop3, jana@firma.cz"], "firma.cz ios-12 pop3"),
        (["jde o firma.cz", "---- Původní zpráva ----", "jana@jina.cz, Outlook 2010"], "firma.cz outlook-2010"),
        (["píše jan@gmail.com", "> jde o firma.cz"], "firma.cz"),
        (["Dne 1. 2. v 10:30 Jan napsal(a):", "> Máte Outlook?", "Ne, iPhone, firma.cz"], "firma.cz ios-12"),
        (["On Monday Jan wrote:", "Outlook 2010", "> iPhone", "firma.cz"], "firma.cz outlook-2010|ios-12"),
        (["Od včera nejde Outlook", "S pozdravem", "--", "> iPhone", "firma.cz"], "firma.cz outlook-365"),
    ],
)  # fmt: skip
def test_parts_of_a_letter(lines: list[str], understood: str) -> None:
    """What was written first, what was quoted second; signatures and footers name no client."""
    assert outline("\n".join(lines)) == understood


def test_the_words_that_leave_the_client_open_are_kept() -> None:
    """They are shown with the choices, and nothing of the rest of the letter is."""
    assert read("Jan Tajný: Thunderbird nejde, v Gmailu to jde, tajne@firma.cz").said == "Thunderbird, Gmailu"


def test_the_finder_hears_no_names_languages_and_tickets() -> None:
    """A bar stands for what was taken out, so that its neighbours do not become one name."""
    heard: list[str] = []

    def find(text: str) -> ClientMatch | None:
        heard.append(text)
        return None

    read_phrase("mail jan.novak@firma.cz mac pop3 anglicky #12 konec", find, PROFILE)
    assert heard == ["mail | mac pop3 | | konec", "mail | mac | | | konec", ""]


EXAMPLE = DomainName("example.cz", "example.cz")
GMAIL = DomainName("gmail.com", "gmail.com")
FIRST = Phrase(EXAMPLE, protocol=Protocol.POP3)
SECOND = Phrase(GMAIL, protocol=Protocol.IMAP, customer_language="en", ticket="#1")


def test_the_first_phrase_counts_first() -> None:
    """And later ones fill what it does not say."""
    assert merge_phrases([FIRST, SECOND]) == Phrase(EXAMPLE, None, (), Protocol.POP3, "en", "#1")
    assert merge_phrases([FIRST]) == FIRST
    assert merge_phrases([]) == Phrase()


def test_free_mail_gives_way_to_a_domain_of_ones_own() -> None:
    """A customer writes from there about his domain, wherever in the thread that is named."""
    assert merge_phrases([SECOND, FIRST]).domain == EXAMPLE
    assert merge_phrases([SECOND, Phrase()]).domain == GMAIL


@pytest.mark.parametrize(
    ("texts", "client"),
    [
        (["Outlook 2010", "Thunderbird"], "outlook-2010"),
        (["ahoj", "Thunderbird"], "thunderbird-78"),
        (["Outlook", "Outlook 2010"], "outlook-2010"),
        (["Outlook", "zkoušeli jsme Thunderbird", "Outlook 2010"], "outlook-2010"),
        (["mail v mobilu", "má iPhone s iOS 15"], "ios-12"),
        (["mail v mobilu", "má iPhone"], ""),
        (["mail v mobilu", "Outlook 2010"], ""),
    ],
)
def test_a_thread_decides_what_was_left_open(texts: list[str], client: str) -> None:
    """Only by a client without doubt, and only among those that the first words allow."""
    merged = merge_phrases([read(text) for text in texts])
    assert (merged.client.client.id if merged.client else "") == client
    assert bool(merged.choices) is not bool(merged.client)


def test_a_phrase_becomes_a_request() -> None:
    """Without a client too; the protocol is the usual one of the client where none was said."""
    assert request_of_phrase(Phrase(EXAMPLE)) == SettingsRequest(EXAMPLE)
    chosen = Chosen(CATALOGUE.clients["gmail-pop"])
    assert request_of_phrase(Phrase(EXAMPLE, chosen)) == SettingsRequest(EXAMPLE, chosen, Protocol.POP3)
    whole = Phrase(EXAMPLE, chosen, (), Protocol.IMAP, "en", "#1")
    assert request_of_phrase(whole) == SettingsRequest(EXAMPLE, chosen, Protocol.IMAP, "en", "#1")


def test_a_phrase_without_a_domain_becomes_nothing() -> None:
    """Whatever else it says."""
    assert request_of_phrase(replace(SECOND, domain=None)) is None


def test_open_clients_become_a_question() -> None:
    """With the words that leave it open and the choices."""
    choices = (CATALOGUE.clients["gmail-app"], CATALOGUE.clients["gmail-pop"])
    problem = request_of_phrase(Phrase(EXAMPLE, choices=choices, said="gmail"))
    assert problem == UsageProblem("client_ambiguous", "client_ambiguous", "gmail", EXAMPLE, choices)


PIECES = st.sampled_from(
    ["example.cz", "jan@example.cz", "Outlook", "2010", "imap", "pop", "en", "#1", "<http://a2.cz|a2.cz>",
     "> ", "\n", "-- ", "Od: ", "|", "@", "<", ":x:", "a.", "\u00ad", "(at)", "S pozdravem"]
)  # fmt: skip


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=20).map("".join)))
@example("<mailto:@|>")
@example("http://[::1/ x@[a.cz")
def test_any_text_is_read(text: str) -> None:
    """And what is found makes a request, a question or nothing."""
    assert isinstance(request_of_phrase(read(text)), SettingsRequest | UsageProblem | None)


ADDRESSES = st.sampled_from(
    ["qq.cz@x.cz", "qq.outlook.cz@gmail.com", "<mailto:qq.cz@x.cz|qq.cz@x.cz>", "qq.cz(at)x.cz", "qq.cz @ x.cz",
     "#qq1@x.cz", '"qq.cz a"@x.cz', "qq.cz+a@x", "https://qq.cz:qq.cz@x.cz/", "qq.cz@"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES, max_size=6), ADDRESSES, st.lists(PIECES, max_size=6))
def test_of_an_address_only_the_domain_is_kept(before: list[str], address: str, after: list[str]) -> None:
    """Wherever it stands, and however the @ is written."""
    assert "qq" not in repr(read(" ".join([*before, address, *after])))


def test_a_letter_is_read_to_its_bound_and_no_further() -> None:
    """What would be cut in two there is left out: half an address looks like a name."""
    assert outline(" " * (MOST_CHARACTERS - 10) + "firma.cz x") == "firma.cz"
    assert outline(" " * (MOST_CHARACTERS - 8) + "firma.cz@jina.cz") == ""
    assert outline("x" * MOST_CHARACTERS + " firma.cz") == ""
    assert outline("\ufdfa" * MOST_CHARACTERS) == ""


def test_of_many_names_the_first_are_judged() -> None:
    """A letter full of them costs no more than one with a few."""
    many = " ".join(f"jan{number}@gmail.com" for number in range(MOST_NAMES))
    assert outline(f"{many} firma.cz") == "gmail.com"
    assert outline(f"firma.cz {many}") == "firma.cz"
    assert outline(f"{'a' * 400}.cz firma.cz") == "firma.cz"
