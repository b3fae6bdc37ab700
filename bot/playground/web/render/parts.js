/** The small parts that Slack's markup and rich text have in common. */

import { h } from "../dom.js";
import { t } from "../texts.js";

const SAFE = /^(https?:\/\/|mailto:|tel:)/i;

/** A link out; an address of another kind is shown as text. @param {string} url @param {...any} label */
export function link(url, ...label) {
    const shown = label.length ? label : [url.replace(/^mailto:/, "")];
    if (!SAFE.test(url)) return h("span", {}, ...shown);
    return h("a", { href: url, target: "_blank", rel: "noreferrer noopener", class: "link" }, ...shown);
}

/** Text in code style; a click copies it (the listener stands in copy.js). @param {...any} content */
export const codeChip = (...content) => h("code", { class: "chip", title: t("click_copies") }, ...content);

/** @param {import("../store.js").Store} store @param {string} id */
export function userMention(store, id) {
    return h("span", { class: `mention${id === store.me ? " mention-me" : ""}` }, `@${store.nameOf(id)}`);
}

/** @param {import("../store.js").Store} store @param {string} id */
export function channelMention(store, id) {
    const channel = store.channels.find((one) => one.id === id);
    return h("span", { class: "mention" }, `#${channel ? channel.name : id}`);
}

/**
 * What cannot be shown: a red box in its place, and a breach in the list.
 *
 * @param {import("../app.js").App} app
 * @param {string} kind
 */
export function refusal(app, kind) {
    app.noteRefused(kind);
    return h("div", { class: "refusal", role: "note" }, t("cannot_be_shown", { type: kind }));
}
