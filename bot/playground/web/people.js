/** Faces: initials on a colour of their own, and the bot's mark. */

import { h } from "./dom.js";
import { SLACKBOT } from "./app.js";

const COLOURS = 6;

/** @param {import("./store.js").Store} store @param {string} id */
export function avatar(store, id) {
    if (id === store.app.user_id) return h("img", { class: "avatar", src: "/static/mark.svg", alt: "" });
    const name = id === SLACKBOT ? "!" : store.nameOf(id);
    const initials = name
        .split(/\s+/)
        .map((word) => word.charAt(0))
        .slice(0, 2)
        .join("")
        .toUpperCase();
    const colour =
        id === SLACKBOT ? "none" : [...id].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % COLOURS;
    return h("span", { class: `avatar avatar-${colour}`, "aria-hidden": "true" }, initials);
}
