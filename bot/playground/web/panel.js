/** The right side: a thread, what to try, the world, or what goes on behind the scenes. */

import { h, newId } from "./dom.js";
import { icon } from "./icons.js";
import { reconcile } from "./keyed.js";
import { createThread } from "./thread.js";
import { createTrace } from "./trace.js";
import { createTries } from "./tries.js";
import { createWorld } from "./world.js";
import { t } from "./texts.js";

/** What a panel shows. @typedef {{node: HTMLElement, draw: () => void}} Part */

const PARTS = { thread: createThread, tries: createTries, world: createWorld, trace: createTrace };

/** @param {import("./app.js").App} app @returns {Part} */
export function createPanel(app) {
    const { store } = app;
    const node = h("div", { id: "panel", class: "panel-place" });
    /** @type {Part | null} */
    let part = null;
    const build = (/** @type {keyof typeof PARTS} */ name) => {
        part = PARTS[name](app);
        const titleId = newId("panel");
        const close = h(
            "button",
            { type: "button", class: "tool", "aria-label": t("close"), onclick: () => leave(app, name) },
            icon("close"),
        );
        const onkeydown = (/** @type {KeyboardEvent} */ event) =>
            event.key === "Escape" && !event.defaultPrevented && leave(app, name);
        return h(
            "aside",
            { class: `panel panel-${name}`, "aria-labelledby": titleId, "data-testid": name, onkeydown },
            h("header", { class: "panel-header" }, h("h2", { id: titleId }, t(`panel_${name}`)), close),
            part.node,
        );
    };
    const draw = () => {
        const { panel, thread, channel } = store;
        if (!panel) part = null;
        const version = panel === "thread" ? [thread, channel] : [];
        reconcile(node, panel ? [{ key: panel, version, build: () => build(panel) }] : []);
        part?.draw();
    };
    return { node, draw };
}

/** Closes the panel; the keyboard goes back to where it was opened. @param {import("./app.js").App} app @param {string} name */
function leave(app, name) {
    const { thread } = app.store;
    app.closePanel();
    const opener =
        name === "thread"
            ? `[data-ts="${thread}"] .thread-link, [data-ts="${thread}"] .tool`
            : `[data-testid="toggle-${name}"]`;
    /** @type {HTMLElement | null} */ (document.querySelector(opener))?.focus();
}
