/** Rich text: elements that are shown as they are, never parsed. */

import { h } from "../dom.js";
import { formatDate } from "./dates.js";
import { emoji } from "./emoji.js";
import { channelMention, codeChip, link, refusal, userMention } from "./parts.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../types.js").Json} Json */

const STYLES = /** @type {const} */ ({ bold: "strong", italic: "em", strike: "s", underline: "u" });

/** @param {Json} block @param {App} app */
export function richText(block, app) {
    return h("div", { class: "rich" }, ...block.elements.map((/** @type {Json} */ one) => section(one, app)));
}

/** @param {Json} element @param {App} app @returns {HTMLElement} */
function section(element, app) {
    const draw = SECTIONS[element.type];
    return draw ? draw(element, app) : refusal(app, element.type);
}

/** @type {Record<string, (element: Json, app: App) => HTMLElement>} */
const SECTIONS = {
    rich_text_section: (element, app) => h("div", { class: "rich-section" }, ...inlines(element, app)),
    rich_text_quote: (element, app) => h("blockquote", {}, ...inlines(element, app)),
    rich_text_preformatted: (element, app) => h("pre", {}, ...inlines(element, app)),
    rich_text_list(element, app) {
        const items = element.elements.map((/** @type {Json} */ one) => h("li", {}, section(one, app)));
        const tag = element.style === "ordered" ? "ol" : "ul";
        const start = element.offset ? { start: element.offset + 1 } : {};
        return h(tag, { class: `rich-list indent-${element.indent ?? 0}`, ...start }, ...items);
    },
};

/** @param {Json} element @param {App} app @returns {Node[]} */
function inlines(element, app) {
    return element.elements.map((/** @type {Json} */ one) => {
        const draw = INLINE[one.type];
        return draw ? styled(draw(one, app), one.style ?? {}) : refusal(app, one.type);
    });
}

/** @type {Record<string, (element: Json, app: App) => Node>} */
const INLINE = {
    text: ({ text }) => document.createTextNode(text),
    link: ({ url, text }) => (text ? link(url, text) : link(url)),
    emoji: ({ name, unicode }) => document.createTextNode(emoji(name, unicode)),
    user: ({ user_id }, { store }) => userMention(store, user_id),
    channel: ({ channel_id }, { store }) => channelMention(store, channel_id),
    color: ({ value }) => colour(value),
    date({ timestamp, format, fallback = "", url }) {
        const shown = formatDate(timestamp, format, fallback);
        return url ? link(url, shown) : h("time", {}, shown);
    },
};

/** @param {string} value */
function colour(value) {
    const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.backgroundColor = value;
    return h("span", {}, swatch, value);
}

/** @param {Node} node @param {Record<string, boolean>} style @returns {Node} */
function styled(node, style) {
    let shown = style.code ? codeChip(node) : node;
    for (const [name, tag] of Object.entries(STYLES)) if (style[name]) shown = h(tag, {}, shown);
    return shown;
}
