/** Short words in a corner, said by screen readers too; and a quiet voice for them alone. */

import { h } from "./dom.js";

const SHOWN = 5000;

const corner = h("div", { class: "toasts", role: "status", "data-testid": "toast" });
const voice = h("div", { class: "unseen", "aria-live": "polite" });

/** @param {string} text @param {"good" | "bad"} [kind] */
export function toast(text, kind = "good") {
    const note = h("div", { class: `toast toast-${kind}` }, text);
    // A modal covers the page: what is said while one is open has to stand inside it.
    (document.querySelector("dialog[open]") ?? document.body).append(corner);
    corner.append(note);
    setTimeout(() => note.remove(), SHOWN);
}

/** Says something to screen readers only. @param {string} text */
export function announce(text) {
    voice.textContent = text;
}

/** Puts both on the page. */
export function mountVoices() {
    document.body.append(corner, voice);
}
