/** JSON to look at: folded, coloured, to be copied. */

import { copy } from "./copy.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

/**
 * @param {any} value
 * @param {number} [open] how many levels are unfolded
 * @returns {HTMLElement}
 */
export function jsonBox(value, open = 2) {
    const take = () => copy(typeof value === "string" ? value : JSON.stringify(value, null, 2));
    const button = h(
        "button",
        { type: "button", class: "button button-small json-copy", onclick: take },
        icon("copy"),
        t("copy"),
    );
    return h(
        "div",
        { class: "json" },
        button,
        h("div", { class: "json-tree", tabIndex: 0, role: "group", "aria-label": "JSON" }, node(value, open)),
    );
}

/** @param {any} value @param {number} open @returns {HTMLElement} */
function node(value, open) {
    if (value === null || typeof value !== "object") return leaf(value);
    const entries = Object.entries(value);
    const [left, right] = Array.isArray(value) ? "[]" : "{}";
    if (entries.length === 0) return h("span", { class: "json-mark" }, left + right);
    const count = h("span", { class: "json-count" }, ` ${entries.length} `);
    const summary = h(
        "summary",
        {},
        h("span", { class: "json-mark" }, left),
        count,
        h("span", { class: "json-mark" }, right),
    );
    const fold = h("details", { open: open > 0 }, summary);
    // Rows are made when they are first looked at: payloads are long.
    const fill = () => {
        if (fold.open && fold.childElementCount === 1) fold.append(rows(entries, Array.isArray(value), open - 1));
    };
    fold.addEventListener("toggle", fill);
    fill();
    return fold;
}

/** @param {[string, any][]} entries @param {boolean} isList @param {number} open */
function rows(entries, isList, open) {
    const row = (/** @type {[string, any]} */ [key, value]) =>
        h("li", {}, isList ? null : h("span", { class: "json-key" }, `${key}: `), node(value, open));
    return h("ul", {}, ...entries.map(row));
}

/** @param {string | number | boolean | null} value */
function leaf(value) {
    return h("span", { class: `json-${value === null ? "null" : typeof value}` }, JSON.stringify(value));
}
