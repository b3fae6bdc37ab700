/** The `markdown` block: of CommonMark what answers are written in. */

import { h } from "../dom.js";
import { codeChip, link } from "./parts.js";

const INLINE = /`([^`]+)`|\*\*(.+?)\*\*|~~(.+?)~~|\*([^*\s][^*]*)\*|_([^_\s][^_]*)_|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** @param {string} text */
export function renderMarkdown(text) {
    const parts = text.split(/```\w*\n([\s\S]*?)```/);
    const drawn = parts.map((part, at) => (at % 2 ? h("pre", {}, part.replace(/\n$/, "")) : paragraphs(part)));
    return h("div", { class: "markdown" }, drawn);
}

/** @param {string} text */
function paragraphs(text) {
    return text
        .split(/\n{2,}/)
        .filter((part) => part.trim())
        .map((part) => paragraph(part.trim()));
}

/** @param {string} text */
function paragraph(text) {
    const heading = /^(#{1,6}) +(.*)$/.exec(text);
    if (heading) return h("p", { class: `markdown-heading level-${heading[1].length}` }, ...inline(heading[2]));
    const lines = text.split("\n");
    for (const [tag, sign] of /** @type {const} */ ([
        ["ul", /^[-*+] +/],
        ["ol", /^\d+[.)] +/],
    ])) {
        if (lines.every((line) => sign.test(line))) {
            return h(tag, {}, ...lines.map((line) => h("li", {}, ...inline(line.replace(sign, "")))));
        }
    }
    const isQuote = lines.every((line) => line.startsWith(">"));
    return isQuote ? h("blockquote", {}, ...inline(text.replace(/^> ?/gm, ""))) : h("p", {}, ...inline(text));
}

/** @param {string} text @returns {any[]} */
function inline(text) {
    const drawn = [];
    let end = 0;
    for (const match of text.matchAll(INLINE)) {
        const [all, code, strong, struck, starred, underscored, label, url] = match;
        drawn.push(text.slice(end, match.index));
        if (code) drawn.push(codeChip(code));
        else if (strong) drawn.push(h("strong", {}, ...inline(strong)));
        else if (struck) drawn.push(h("s", {}, ...inline(struck)));
        else if (label) drawn.push(link(url, ...inline(label)));
        else drawn.push(h("em", {}, ...inline(starred ?? underscored)));
        end = match.index + all.length;
    }
    return [...drawn, text.slice(end)];
}
