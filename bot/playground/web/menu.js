/** A button that opens a menu of things to do. */

import { h, newId } from "./dom.js";
import { placePopup } from "./popup.js";

/** @typedef {{label: string, description?: string, isOff?: boolean, isMarked?: boolean, act: () => void}} Choice */

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * Makes a button open a menu. What is in it is asked for at each opening.
 *
 * @param {HTMLButtonElement} button
 * @param {string} label of the menu
 * @param {() => Choice[]} choices
 * @param {{align?: "start" | "end"}} [how]
 * @returns {HTMLElement} the button and its menu
 */
export function menuButton(button, label, choices, { align = "start" } = {}) {
    const id = newId("menu");
    const menu = h("div", { id, role: "menu", "aria-label": label, popover: "auto", class: "menu popup" });
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", id);
    // The browser closes the menu at Escape and at a click elsewhere, and toggles it at the button.
    button.popoverTargetElement = menu;
    const close = () => menu.hidePopover();
    menu.addEventListener("beforetoggle", (event) => {
        if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
        menu.replaceChildren(...choices().map((choice) => item(choice, close)));
    });
    menu.addEventListener("toggle", (event) => {
        const isOpen = /** @type {ToggleEvent} */ (event).newState === "open";
        button.setAttribute("aria-expanded", String(isOpen));
        if (!isOpen) return;
        placePopup(menu, button, { align });
        move(menu, 0);
    });
    menu.addEventListener("keydown", (event) => onKey(event, menu, close));
    return h("span", { class: "menu-anchor" }, button, menu);
}

/** @param {Choice} choice @param {() => void} close */
function item({ label, description, isOff, isMarked, act }, close) {
    const press = () => {
        close();
        act();
    };
    const note = description ? h("span", { class: "menu-note" }, description) : null;
    const name = h("span", {}, isMarked ? `${label} ✓` : label);
    return h(
        "button",
        { type: "button", role: "menuitem", tabIndex: -1, disabled: Boolean(isOff), onclick: press },
        name,
        note,
    );
}

/** @param {KeyboardEvent} event @param {HTMLElement} menu @param {() => void} close */
function onKey(event, menu, close) {
    const items = itemsOf(menu);
    const at = items.indexOf(/** @type {any} */ (document.activeElement));
    if (event.key in STEPS) move(menu, at + STEPS[/** @type {"ArrowUp"} */ (event.key)]);
    else if (event.key === "Home") move(menu, 0);
    else if (event.key === "End") move(menu, items.length - 1);
    else if (event.key === "Tab") return close();
    else return;
    event.preventDefault();
}

/** @param {HTMLElement} menu @param {number} index */
function move(menu, index) {
    const items = itemsOf(menu);
    items.at(index % items.length)?.focus();
}

/** @param {HTMLElement} menu @returns {HTMLElement[]} */
const itemsOf = (menu) =>
    [...menu.querySelectorAll("[role=menuitem]:not(:disabled)")].map((one) => /** @type {HTMLElement} */ (one));
