"""The files of the playground's page: whole, of our own, and in both languages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import bot.playground
from bot.playground.blocks_check import BLOCKS
from bot.playground.blocks_schema import ELEMENTS, INLINE, RICH

WEB = Path(bot.playground.__file__).parent / "web"
MODULES = sorted(WEB.rglob("*.js"))
FILES = sorted(path for path in WEB.rglob("*") if path.is_file())
NAMESPACE = "http://www.w3.org/2000/svg"
"""The name of a language, not an address that anything is fetched from."""


def name_of(path: Path) -> str:
    """A file's path below the folder, for the names of tests."""
    return path.relative_to(WEB).as_posix()


def texts() -> dict[str, dict[str, Any]]:
    """The table of the page's own words: the object in texts.js is written as JSON."""
    source = (WEB / "texts.js").read_text("utf-8")
    found = re.search(r"^const TEXTS = (\{.*?^\});", source, re.MULTILINE | re.DOTALL)
    assert found
    table: dict[str, dict[str, Any]] = json.loads(found.group(1))
    return table


class Tags(HTMLParser):
    """The tags of a page, each with its attributes and the text in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.scripts = ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep what stands in a script or a style."""
        if self.seen and self.seen[-1][0] in ("script", "style"):
            self.scripts += data.strip()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_comes_from_a_network(path: Path) -> None:
    """No file names a host; style sheets fetch nothing at all."""
    source = path.read_text("utf-8").replace(NAMESPACE, "")
    assert not re.findall(r"(?:https?|wss?):?//[\w-]+(?:\.[\w-]+)+", source)
    assert path.suffix != ".css" or not re.search(r"url\(|@import", source)


def test_the_page_has_no_inline_code() -> None:
    """The content security policy would not run it: no script, style or listener stands in the page itself."""
    page = Tags(WEB / "index.html")
    assert not page.scripts
    names = {name for _, attributes in page.seen for name in attributes}
    assert not {name for name in names if name == "style" or name.startswith("on")}
    assert "style" not in {tag for tag, _ in page.seen}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_data_never_becomes_markup(path: Path) -> None:
    """What was sent is only ever put into text nodes, and no text is run."""
    source = path.read_text("utf-8")
    forbidden = r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|DOMParser|eval|cssText)\b|document\.write|new Function"
    assert not re.findall(forbidden, source)
    assert not re.search(r"""["']style["']|\bstyle:""", source)


def test_the_page_asks_for_files_that_are_there() -> None:
    """Every script, style sheet and picture of the page, and of the modules."""
    page = [value for _, attributes in Tags(WEB / "index.html").seen for value in attributes.values() if value]
    code = [path for module in MODULES for path in re.findall(r'"(/static/[^"]+)"', module.read_text("utf-8"))]
    wanted = [value for value in (*page, *code) if value.startswith("/")]
    assert len(wanted) > 5
    for value in wanted:
        assert (WEB / value.removeprefix("/static/")).is_file(), value


def test_every_module_is_there_and_is_used() -> None:
    """From main.js all modules can be reached, and nothing else; so can all style sheets from the page."""
    reached, waiting = set(), [WEB / "main.js"]
    while waiting:
        module = waiting.pop()
        reached.add(module)
        imported = re.findall(r'^(?:import|\} from|export) .*?"(\..+?)";', module.read_text("utf-8"), re.MULTILINE)
        waiting += [path for name in imported if (path := (module.parent / name).resolve()) not in reached]
    assert reached | {WEB / "types.js"} == set(MODULES)
    linked = {attributes.get("href") for _, attributes in Tags(WEB / "index.html").seen}
    assert linked >= {f"/static/{name_of(path)}" for path in WEB.rglob("*.css")}


def test_all_words_are_there_in_both_languages() -> None:
    """With the same parameters, and with each form that the language's numbers need."""
    for key, words in texts().items():
        assert set(words) == {"cs", "en"}, key
        forms = {language: text if isinstance(text, dict) else {"other": text} for language, text in words.items()}
        assert all(text.strip() for each in forms.values() for text in each.values()), key
        parameters = [set(re.findall(r"\{\w+\}", each["other"])) for each in forms.values()]
        assert parameters[0] == parameters[1], key
        if isinstance(words["cs"], dict):
            assert set(words["cs"]) == {"one", "few", "other"}, key


def test_the_words_are_those_that_the_page_says() -> None:
    """Each key in the code has its text, each text is used; a key may be built from a prefix and a value."""
    source = "\n".join(module.read_text("utf-8") for module in MODULES)
    said = re.findall(r"\bt\(\s*([\"`])([^\"`]+)\1", source)
    plain = {key for _, key in said if "${" not in key}
    chosen = {key for pair in re.findall(r'\bt\([^()]*(?:\(\))? \? "(\w+)" : "(\w+)"', source) for key in pair}
    prefixes = tuple(key.split("${")[0] for _, key in said if "${" in key)
    keys = set(texts())
    assert plain | chosen <= keys
    assert all(any(key.startswith(prefix) for key in keys) for prefix in prefixes)
    assert {key for key in keys - plain - chosen if not key.startswith(prefixes)} == set()


@pytest.mark.parametrize(
    ("module", "kinds"),
    [
        ("blocks.js", set(BLOCKS.shapes)),
        # A picture is drawn with its block; this page takes no files and edits no rich text.
        ("elements.js", set(ELEMENTS.shapes) - {"image", "file_input", "rich_text_input"}),
        ("richtext.js", {*RICH.shapes, *INLINE.shapes}),
    ],
)
def test_what_the_schema_knows_the_page_draws(module: str, kinds: set[str]) -> None:
    """Everything that the bot may send has a function of its own."""
    source = (WEB / "render" / module).read_text("utf-8")
    drawn = set(re.findall(r"^    (\w+)[:(,]", source, re.MULTILINE))
    assert kinds <= drawn
