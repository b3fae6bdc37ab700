/** Slack's confirmation before a press. */

import { h, newId } from "./dom.js";
import { renderText } from "./render/text.js";

/**
 * Asks; resolves to what was decided. Escape means no.
 *
 * @param {import("./types.js").Json} confirm
 * @param {import("./store.js").Store} store
 * @returns {Promise<boolean>}
 */
export function askToConfirm(confirm, store) {
    const title = newId("confirm");
    const style = confirm.style === "danger" ? "danger" : "primary";
    const deny = h("button", { type: "submit", value: "no", class: "button" }, confirm.deny.text);
    const agree = h("button", { type: "submit", value: "yes", class: `button button-${style}` }, confirm.confirm.text);
    const dialog = h(
        "dialog",
        { class: "dialog dialog-small", "aria-labelledby": title, "data-testid": "confirm" },
        h("h2", { id: title }, confirm.title.text),
        h("div", { class: "dialog-body" }, ...renderText(confirm.text, store)),
        h("form", { method: "dialog", class: "dialog-buttons" }, deny, agree),
    );
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(dialog.returnValue === "yes");
        });
    });
}
