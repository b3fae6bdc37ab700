/** Elements from data. Text only ever becomes text nodes: nothing that was sent can turn into markup. */

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "tabIndex", "indeterminate", "htmlFor"]);
let lastId = 0;

/**
 * Makes an element. A function is a listener (`onclick`), `true` an empty attribute; null, false and undefined
 * are left out. Children may be nodes, texts, nested lists, or nothing.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [props]
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
        if (value === null || value === undefined || value === false) continue;
        if (typeof value === "function") element.addEventListener(name.slice(2), value);
        else if (PROPERTIES.has(name)) /** @type {any} */ (element)[name] = value;
        else element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...nodes(children));
    return element;
}

/** @param {any[]} children @returns {(Node | string)[]} */
function nodes(children) {
    return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** A fresh id for `for`, `aria-controls` and the like. @param {string} kind @returns {string} */
export function newId(kind) {
    lastId += 1;
    return `${kind}-${lastId}`;
}

/** Marks something as at work until a promise settles; it cannot be pressed again meanwhile.
 * @template T @param {HTMLElement} element @param {Promise<T>} work @returns {Promise<T>} */
export async function whileBusy(element, work) {
    element.setAttribute("aria-busy", "true");
    try {
        return await work;
    } finally {
        element.removeAttribute("aria-busy");
    }
}

/** @param {Element} element @returns {boolean} */
export const isBusy = (element) => element.getAttribute("aria-busy") === "true";
