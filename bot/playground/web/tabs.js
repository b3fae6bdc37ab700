/** A row of tabs with one panel each. */

import { h, newId } from "./dom.js";

/** @typedef {{id: string, label: string, draw: () => HTMLElement}} Tab */

/**
 * @param {string} label of the row
 * @param {Tab[]} tabs
 * @param {string} chosen
 * @param {(id: string) => void} [onChoose]
 * @returns {HTMLElement}
 */
export function tabbed(label, tabs, chosen, onChoose = () => {}) {
    const panelId = newId("tabpanel");
    const row = h("div", { role: "tablist", "aria-label": label, class: "tabs" });
    const panel = h("div", { role: "tabpanel", id: panelId, class: "tabpanel", tabIndex: 0 });
    const choose = (/** @type {string} */ id) => {
        row.replaceChildren(...tabs.map((tab) => tabButton(tab, tab.id === id)));
        panel.setAttribute("aria-labelledby", `${panelId}-${id}`);
        panel.replaceChildren(/** @type {Tab} */ (tabs.find((tab) => tab.id === id)).draw());
    };
    const press = (/** @type {string} */ id) => {
        choose(id);
        onChoose(id);
        document.getElementById(`${panelId}-${id}`)?.focus();
    };
    const tabButton = (/** @type {Tab} */ tab, /** @type {boolean} */ isOn) =>
        h(
            "button",
            {
                type: "button",
                role: "tab",
                id: `${panelId}-${tab.id}`,
                "aria-selected": String(isOn),
                "aria-controls": panelId,
                tabIndex: isOn ? 0 : -1,
                onclick: () => press(tab.id),
            },
            tab.label,
        );
    row.addEventListener("keydown", ({ key }) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
        if (!step) return;
        const at = [...row.children].findIndex((one) => one.getAttribute("aria-selected") === "true");
        press(tabs[(at + step + tabs.length) % tabs.length].id);
    });
    choose(chosen);
    return h("div", { class: "tabbed" }, row, panel);
}
