/** Lists that follow the data: what did not change is not touched. */

/**
 * @typedef {{key: string, version: any[], build: () => HTMLElement}} Item
 *   `version`: when any of these values is another one, the element is built anew.
 */

/** @type {WeakMap<Element, Map<string, {version: any[], node: HTMLElement}>>} */
const known = new WeakMap();

/**
 * Makes the children of `parent` those of `items`, in this order.
 *
 * @param {HTMLElement} parent
 * @param {Item[]} items
 */
export function reconcile(parent, items) {
    const before = known.get(parent) ?? new Map();
    const after = new Map();
    for (const item of items) {
        const old = before.get(item.key);
        const stays = old && isSame(old.version, item.version);
        const entry = stays ? old : { version: item.version, node: item.build() };
        if (old && !stays) replace(old.node, entry.node);
        after.set(item.key, entry);
    }
    for (const [key, { node }] of before) if (!after.has(key)) node.remove();
    let place = parent.firstElementChild;
    for (const { node } of after.values()) {
        if (node === place) place = node.nextElementSibling;
        else parent.insertBefore(node, place);
    }
    known.set(parent, after);
}

/** @param {any[]} one @param {any[]} other */
function isSame(one, other) {
    return one.length === other.length && one.every((value, index) => value === other[index]);
}

/**
 * Puts a new element in an old one's place. Who stood in the old one with the keyboard stands at the same control of
 * the new one, or else at the new one itself.
 *
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
function replace(old, fresh) {
    const held = old.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    old.replaceWith(fresh);
    if (!held) return;
    const same = sameControl(held, fresh);
    if (!same) fresh.tabIndex = -1;
    (same ?? fresh).focus({ preventScroll: true });
}

/** @param {HTMLElement} held @param {HTMLElement} fresh @returns {HTMLElement | null} */
function sameControl({ dataset: { actionId, testid } }, fresh) {
    if (actionId) return fresh.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`);
    return testid ? fresh.querySelector(`[data-testid="${CSS.escape(testid)}"]`) : null;
}
