/** A row of tabs with one panel for what the chosen one shows. */

import { h, newId } from "./dom.js";

/** @typedef {{id: string, label: string, draw: () => HTMLElement}} Tab */
/** `show` chooses a tab from outside. @typedef {{node: HTMLElement, show: (id: string) => void}} Tabbed */

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/**
 * @param {string} label of the row
 * @param {Tab[]} tabs
 * @param {string} chosen
 * @param {(id: string) => void} onChoose
 * @returns {Tabbed}
 */
export function tabbed(label, tabs, chosen, onChoose) {
    const panelId = newId("tabpanel");
    let current = "";
    const choose = (/** @type {string} */ id) => {
        show(id);
        onChoose(id);
    };
    const buttons = tabs.map((tab) => {
        const attributes = { type: "button", role: "tab", id: `${panelId}-${tab.id}`, "aria-controls": panelId };
        return h("button", { ...attributes, onclick: () => choose(tab.id) }, tab.label);
    });
    const row = h("div", { role: "tablist", "aria-label": label, class: "tabs" }, ...buttons);
    const panel = h("div", { role: "tabpanel", id: panelId, class: "tabpanel", tabIndex: 0 });
    const show = (/** @type {string} */ id) => {
        if (id === current) return;
        current = id;
        tabs.forEach((tab, at) => {
            buttons[at].setAttribute("aria-selected", String(tab.id === id));
            buttons[at].tabIndex = tab.id === id ? 0 : -1;
        });
        panel.setAttribute("aria-labelledby", `${panelId}-${id}`);
        panel.replaceChildren(tabs.find((tab) => tab.id === id)?.draw() ?? "");
    };
    row.addEventListener("keydown", ({ key }) => {
        if (!(key in STEPS)) return;
        const at = tabs.findIndex((tab) => tab.id === current) + STEPS[/** @type {keyof typeof STEPS} */ (key)];
        const index = (at + tabs.length) % tabs.length;
        choose(tabs[index].id);
        buttons[index].focus();
    });
    show(chosen);
    return { node: h("div", { class: "tabbed" }, row, panel), show };
}
