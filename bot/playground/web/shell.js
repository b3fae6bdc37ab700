/** The page's frame: top bar, side bar, the middle, a panel on the right, modals above. */

import { createConversation } from "./conversation.js";
import { h } from "./dom.js";
import { createModals } from "./modal.js";
import { createPanel } from "./panel.js";
import { createSidebar } from "./sidebar.js";
import { t } from "./texts.js";
import { createTopBar } from "./topbar.js";

/** A part of the page. @typedef {{node: HTMLElement, draw: () => void}} Part */

/**
 * Builds everything for the person who sits at the page now.
 *
 * @param {import("./app.js").App} app
 * @param {HTMLElement} root
 * @returns {() => void} brings all of it in line with the store
 */
export function mountShell(app, root) {
    const cameFromSwitch = document.activeElement?.closest("[data-testid=person]") !== null;
    const parts = [createTopBar(app), createSidebar(app), createConversation(app), createPanel(app)];
    const modals = createModals(app);
    const skip = h("a", { class: "skip", href: "#conversation" }, t("skip"));
    const scrim = h("div", { class: "scrim", onclick: () => app.closeSidebar() });
    document.documentElement.lang = app.store.person.language;
    root.replaceChildren(skip, ...parts.map(({ node }) => node), scrim);
    root.onkeydown = ({ key }) => {
        if (key === "Escape") app.closeSidebar();
    };
    const chosen = /** @type {HTMLElement | null} */ (root.querySelector("[data-testid=person] input:checked"));
    if (cameFromSwitch) chosen?.focus();
    return () => {
        document.title = `${titleOf(app.store)} · mailbot playground`;
        root.classList.toggle("with-panel", app.store.panel !== null);
        for (const { draw } of parts) draw();
        modals();
    };
}

/** @param {import("./store.js").Store} store */
function titleOf({ place, app }) {
    return place.kind === "im" ? app.name : `#${place.name}`;
}
