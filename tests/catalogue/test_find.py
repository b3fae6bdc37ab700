"""Clients in running text: which words count, what belongs together, and what a letter's everyday words are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.match import MOST_CHOICES, Matcher
from bot.catalogue.model import Chosen, NotChosen
from bot.catalogue.prose import LONGEST_SAID, MOST_CHARACTERS
from bot.catalogue.reader import load_catalogue

MATCHER = Matcher(load_catalogue())


def found(text: str) -> tuple[str, str | None]:
    """The client and the system in a text, by the real catalogue."""
    match = MATCHER.find(text)
    assert isinstance(match, Chosen), f"{text!r}: {match}"
    return match.client.id, match.system


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("v Outlooku nejde odesílat", "outlook-365"),
        ("Outlookem to nejde", "outlook-365"),
        ("vo vašom Outlookom", "outlook-365"),
        ("s Thunderbirdem mám potíže", "thunderbird-78"),
        ("v Thunderbirde to nejde", "thunderbird-78"),
        ("v Gmailu to nejde v appce, v Gmailu appce", "gmail-app"),
        ("nejde to v Applu Mailu", "apple-mail-13"),
        ("problém s Androidem", "android-email-7.1"),
        ("máme tu Androidy", "android-email-7.1"),
        ("zákazníci na iPhonech", "ios-12"),
        ("je to na iPhonu", "ios-12"),
        ("volala z iPhonem", "ios-12"),
        ("má to na ajfounu", "ios-12"),
        ("nejde to na iPadu", "ios-12"),
        ("mám iOSu plné zuby", "ios-12"),
        ("pracuje na Macu", "apple-mail-13"),
        ("na telefonu Samsung to nejde", "samsung-email"),
        ("v Samsungu to nejde", "samsung-email"),
        ("z tiskárny nic neodchází", "printer"),
        ("v Opeře to nejde", "opera-mail"),
        ("s eM Clientem to nejde", "em-client"),
        ("v emclientu to nejde", "em-client"),
    ],
)
def test_czech_and_slovak_cases(text: str, client: str):
    """A name is known in every case, by the endings that the catalogue lists."""
    assert found(text)[0] == client


@pytest.mark.parametrize(
    ("text", "client", "system"),
    [
        ("starý Outlook Express na XPčkách", "outlook-express-6", "windows-xp"),
        ("Outlook 2010 a k tomu Windows 7", "outlook-2010", "windows-7"),
        ("Má w7, v nich Outlook 2010", "outlook-2010", "windows-7"),
        ("Outlook 2010. Systém je Windows 10.", "outlook-2010-w10", "windows-10"),
        ("přešel z Windows 7 na Windows 10, Outlook 2010", "outlook-2010", None),
        ("pošta na Windows 10 jede v Outlooku 2010", "outlook-2010-w10", "windows-10"),
        ("pracuje na macOS 10.11", "apple-mail-10.11", "macos-10.11"),
        ("iPhone s iOS 12", "ios-12", "ios-12"),
        ("aplikace Pošta ve Windows 10 nejde", "windows-10-mail", "windows-10"),
    ],
)
def test_systems_count_wherever_they_stand(text: str, client: str, system: str | None):
    """One system belongs to the client; of two nobody knows which is meant."""
    assert found(text) == (client, system)


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("zkouším Outlook 2016 už dlouho", "outlook-2016"),
        ("zkouším Outlook (2016)", "outlook-2016"),
        ("Program: Outlook, verze 2016", "outlook-2016"),
        ("mám Outlook ve verzi 2016", "outlook-2016"),
        ("mám K-9 verze 5.0", "k9-old"),
        ("mám K-9 Mail 5.0 a nejde", "k9-old"),
        ("mám O365 a nejde", "outlook-365"),
        ("mám outlookexpress a nejde", "outlook-express-6"),
        ("mám Thunderbird 60.9.1 a nejde", "thunderbird-52"),
        ("mám Outlook 16.0.4266 a nejde", "outlook-365"),
        ("v Outlooku 10 mailů chybí", "outlook-365"),
        ("v Outlooku 2 účty chybí", "outlook-365"),
        ("Outlook 15. 3. přestal", "outlook-365"),
        ("Thunderbird 15. března přestal", "thunderbird-78"),
        ("Thunderbird od 15 hodin nejde", "thunderbird-78"),
        ("Thunderbird v 2 ráno nejde", "thunderbird-78"),
        ("Thunderbird 1.2.2024 přestal", "thunderbird-78"),
        ("Thunderbird 10:30 přestal", "thunderbird-78"),
        ("Thunderbird 3 % přestalo", "thunderbird-78"),
        ("Thunderbird 45 000 Kč stál", "thunderbird-78"),
        ("Thunderbird 24 123 456 volejte", "thunderbird-78"),
        ("Thunderbird, 24 lidí", "thunderbird-78"),
        ("Thunderbird. 24 lidí", "thunderbird-78"),
        ("Thunderbird 999 lidí", "thunderbird-78"),
        ("Thunderbird 2016001 faktura", "thunderbird-78"),
        ("Thunderbird +420 nevolejte", "thunderbird-78"),
        ("iPhone 6 nejde", "ios-12"),
        ("v roce 2016 nám nešel Outlook", "outlook-365"),
    ],
)
def test_only_versions_are_versions(text: str, client: str):
    """A number counts right behind its name; dates, times, prices, counts and telephone numbers do not."""
    assert found(text)[0] == client


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("mám nový Outlook", "outlook-new"),
        ("mám nový Outlook 2016", "outlook-2016"),
        ("na mobilu mám Thunderbird", "thunderbird-android"),
        ("na iPadu používám Outlook", "outlook-mobile"),
        ("na Macu mi nejde Outlook 2019", "outlook-mac-16"),
        ("Outlook on a Mac fails", "outlook-mac-16"),
        ("Thunderbird na MacBooku nejde", "thunderbird-78"),
        ("Mám Outlook Express. Outlook hlásí chybu.", "outlook-express-6"),
        ("Nejde Outlook. Mám Outlook 2016.", "outlook-2016"),
        ("Samsung s Androidem 13 nejde", "samsung-email"),
        ("iPhone a iPad nejdou", "ios-12"),
    ],
)
def test_what_belongs_together_is_one_client(text: str, client: str):
    """A name said twice, a name and its device, an adjective that is only one."""
    assert found(text)[0] == client


@pytest.mark.parametrize(
    ("text", "said", "choices"),
    [
        ("Thunderbird nejde, Outlook 2016 ano", "Thunderbird, Outlook 2016", ["thunderbird-78", "outlook-2016"]),
        ("z Outlooku 2010 na Outlook 2021", "Outlooku 2010, Outlook 2021", ["outlook-2010", "outlook-2019"]),
        ("nejde Outlook a iPhone", "Outlook, iPhone", ["outlook-365", "ios-12"]),
        ("nejde Outlook nebo iPhone", "Outlook, iPhone", ["outlook-365", "ios-12"]),
        ("píše, že v Gmailu to nejde", "Gmailu", ["gmail-app", "gmail-pop", "gmail-sendas"]),
        ("Na XPčkách je tam Outlook.", "Outlook", ["outlook-2007-xp", "outlook-2010-xp", "outlook-2003"]),
        ("Outlook 2000 nejde", "Outlook 2000", ["outlook-365", "outlook-2003"]),
        ("mají tam Windows XP", "Windows XP", ["outlook-2007"]),
        ("nejde jí mail na mobilu", "mail mobilu", ["ios-12", "k9"]),
    ],
)
def test_several_clients_are_choices(text: str, said: str, choices: list[str]):
    """Nothing is guessed; the words are only those that name clients."""
    match = MATCHER.find(text)
    assert isinstance(match, NotChosen), match
    assert (match.words, match.is_ambiguous) == (said, True)
    assert set(choices) <= {client.id for client in match.choices}
    assert len(match.choices) <= MOST_CHOICES


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "777 123 456", "Dobrý den, nejde mi mail.", "pošta mi od včera nechodí", "posílám mail z Windows 10",
        "nemusíte se bát", "je to v pohodě", "the bat flew away", "in our office", "zaslal expres", "seznam adres",
        "máme e-shop a web", "120 m2", "kde mail najdu", "kontakt na nás", "I kindly ask", "a joint venture",
        "printed and scanned", "my brother told me", "the new windows", "v roce o 2013 více", "3 TB disk", "2 PC",
        "viz index.php", "mac adresa routeru", "Mozilla Firefox padá", "přes Roundcube to jde", "J. W. Novák",
        "we post notes on the web", "vlastní server", "Zdeněk Skopal", "Mobil: 777 123 456", "E-mail: Web: Fax:",
        "na PC s Windows 11", "terminál v Linuxu", "Nový rok", "an opera by Mozart", "mail", "Windows 7",
    ],
)  # fmt: skip
def test_everyday_words_name_nobody(text: str):
    """Words of the catalogue that mean something else in a letter, and words that only look like some."""
    assert MATCHER.find(text) is None


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("používám The Bat! už roky", "the-bat"),
        ("píše z Windows Mail a nejde to", "windows-mail-vista"),
        ("zapnuli to v Notes včera", "lotus-notes"),
        ("skenují to na Canonu", "printer"),
        ("notes", "lotus-notes"),
        ("the bat", "the-bat"),
        ("office", "outlook-365"),
        ("prosím alpine", "alpine"),
    ],
)
def test_common_words_written_as_names(text: str, client: str):
    """A capital behind a preposition makes a name of them, and so does a text of nothing else."""
    assert found(text)[0] == client


@pytest.mark.parametrize("text", ["thuderbird nejde", "otlook nejde", "s andorid telefonem"])
def test_long_names_may_be_misspelt(text: str):
    """As in a command, but only the names that everybody uses."""
    assert MATCHER.find(text) is not None


def test_the_words_said_are_shown_short():
    """However many clients a letter names."""
    match = MATCHER.find("Outlook 2010, Thunderbird, Samsung, KMail, Eudora, fetchmail, Sylpheed, FairEmail, SeaMonkey")
    assert isinstance(match, NotChosen)
    assert len(match.words) == LONGEST_SAID


def test_a_letter_is_read_to_its_bound_and_no_further():
    """What stands behind it is not looked at."""
    assert MATCHER.find("x" * (MOST_CHARACTERS - 9) + " Outlook tady") is not None
    assert MATCHER.find("x" * MOST_CHARACTERS + " Outlook tady") is None


@pytest.mark.parametrize("id", load_catalogue().clients)
def test_every_client_is_found_where_it_is_named(id: str):
    """Also those whose names are common words."""
    assert found(f"nejde nám to v programu {id.title()} už dlouho")[0] == id


KNOWN = st.sampled_from(
    ["Outlook", "2010", "na", "Mac", "a", "iOS", "9", "mail", "mobil", "verze", "TB", "W", "7", ".", ","]
)


@given(st.text() | st.lists(KNOWN | st.text(max_size=8), max_size=30).map(" ".join))
def test_any_text_is_read(text: str):
    """Whatever stands in it."""
    match = MATCHER.find(text)
    assert match is None or isinstance(match, Chosen | NotChosen)
