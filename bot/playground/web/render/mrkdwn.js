/** Slack's own markup (mrkdwn) to nodes. */

import { h } from "../dom.js";
import { formatDate } from "./dates.js";
import { emoji } from "./emoji.js";
import { channelMention, codeChip, link, userMention } from "./parts.js";

/** @typedef {import("../store.js").Store} Store */

const FENCE = /```\n?([\s\S]+?)\n?```/;
const QUOTED = /^(?:>|&gt;) ?/;
const QUOTED_TO_THE_END = /^(?:>>>|&gt;&gt;&gt;) ?/;
const STYLES = /** @type {const} */ ({ "*": "strong", _: "em", "~": "s" });

const CODE = "`(?<code>[^`\\n]+)`";
const CONTROL = "<(?<control>[^<>\\n]+)>";
const STYLED = "(?<![\\p{L}\\p{N}*_~])(?<mark>[*_~])(?!\\s|\\k<mark>)(?<styled>[^\\n]*?\\S)\\k<mark>(?![\\p{L}\\p{N}])";
const EMOJI = ":(?<emoji>[a-z0-9_+-]+):";
/** What Slack makes a link of by itself, unless told `verbatim`: addresses and bare host names. */
const BARE =
    "(?<bare>https?://[^\\s<>|]+|(?<![\\w.@/-])(?:[\\w-]+\\.)+(?:cz|sk|com|net|org|eu|de|io)(?![\\w-]|\\.\\w))";
const INLINE = new RegExp([CODE, CONTROL, STYLED, EMOJI, BARE].join("|"), "gu");

/**
 * @param {string} text
 * @param {Store} store for the names of people and channels
 * @param {{verbatim?: boolean}} [options] verbatim: nothing becomes a link by itself
 * @returns {Node[]}
 */
export function renderMrkdwn(text, store, { verbatim = false } = {}) {
    const parts = text.split(FENCE);
    return parts.flatMap((part, index) => {
        if (index % 2) return [h("pre", {}, ...controls(part, store))];
        const trimmed = index ? part.replace(/^\n/, "") : part;
        return trimmed ? paragraphs(trimmed, store, verbatim) : [];
    });
}

/** Lines, those of one quotation together. @param {string} text @param {Store} store @param {boolean} verbatim */
function paragraphs(text, store, verbatim) {
    /** @type {{isQuote: boolean, lines: string[]}[]} */
    const runs = [];
    let toTheEnd = false;
    for (const line of text.split("\n")) {
        toTheEnd ||= QUOTED_TO_THE_END.test(line);
        const isQuote = toTheEnd || QUOTED.test(line);
        const shown = line.replace(QUOTED_TO_THE_END, "").replace(QUOTED, "");
        const last = runs.at(-1);
        if (last?.isQuote === isQuote) last.lines.push(shown);
        else runs.push({ isQuote, lines: [shown] });
    }
    return runs.flatMap(({ isQuote, lines }) => {
        const content = inline(lines.join("\n"), store, verbatim);
        return isQuote ? [h("blockquote", {}, ...content)] : content;
    });
}

/** @param {string} text @param {Store} store @param {boolean} verbatim @returns {Node[]} */
function inline(text, store, verbatim) {
    const nodes = [];
    let end = 0;
    for (const match of text.matchAll(INLINE)) {
        nodes.push(document.createTextNode(unescape(text.slice(end, match.index))));
        nodes.push(...piece(match, store, verbatim));
        end = match.index + match[0].length;
    }
    nodes.push(document.createTextNode(unescape(text.slice(end))));
    return nodes;
}

/** @param {RegExpMatchArray} match @param {Store} store @param {boolean} verbatim @returns {Node[]} */
function piece(match, store, verbatim) {
    const { code, control, mark, styled, emoji: name, bare } = match.groups ?? {};
    if (code !== undefined) return [codeChip(...controls(code, store))];
    if (control !== undefined) return [controlled(control, store)];
    if (styled !== undefined) return [h(STYLES[/** @type {"*"} */ (mark)], {}, ...inline(styled, store, verbatim))];
    if (name !== undefined) return [document.createTextNode(emoji(name))];
    if (verbatim) return [document.createTextNode(unescape(bare))];
    const address = unescape(bare);
    return [link(address.startsWith("http") ? address : `http://${address}`, address)];
}

/** Text in which only `<…>` means something. @param {string} text @param {Store} store @returns {Node[]} */
function controls(text, store) {
    const parts = text.split(/<([^<>\n]+)>/);
    return parts.map((part, at) => (at % 2 ? controlled(part, store) : document.createTextNode(unescape(part))));
}

/** What stands between < and >. @param {string} control @param {Store} store @returns {Node} */
function controlled(control, store) {
    const [target, label] = split(control);
    if (target.startsWith("@")) return userMention(store, target.slice(1));
    if (target.startsWith("#")) return channelMention(store, target.slice(1));
    if (target.startsWith("!date^")) return dated(target, label);
    if (target.startsWith("!")) return h("span", { class: "mention mention-me" }, label ?? `@${target.slice(1)}`);
    return label === undefined ? link(unescape(target)) : link(unescape(target), unescape(label));
}

/** @param {string} target "!date^UNIX^FORMAT" and perhaps "^URL" @param {string} [fallback] */
function dated(target, fallback = "") {
    const [, seconds, pattern, url] = target.split("^");
    const shown = formatDate(Number(seconds), unescape(pattern ?? ""), unescape(fallback));
    return url ? link(unescape(url), shown) : h("time", {}, shown);
}

/** @param {string} control @returns {[string, string | undefined]} */
function split(control) {
    const bar = control.indexOf("|");
    return bar < 0 ? [control, undefined] : [control.slice(0, bar), control.slice(bar + 1)];
}

/** @param {string} text */
function unescape(text) {
    return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
