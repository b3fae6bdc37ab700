/** Where a list or a menu opens: beside what opened it, inside the window, above everything else. */

const GAP = 4;
const EDGE = 8;
/** How high a list is at least, also when its anchor was scrolled out of the window. */
const LEAST = 120;

/**
 * Puts a shown popover below its anchor, or above where there is more room.
 *
 * @param {HTMLElement} popover
 * @param {HTMLElement} anchor
 * @param {{align?: "start" | "end", atLeastAsWide?: boolean}} [how]
 */
export function placePopup(popover, anchor, { align = "start", atLeastAsWide = false } = {}) {
    const at = anchor.getBoundingClientRect();
    const { style } = popover;
    if (atLeastAsWide) style.minWidth = `${at.width}px`;
    style.maxHeight = "";
    const below = window.innerHeight - at.bottom - GAP - EDGE;
    const above = at.top - GAP - EDGE;
    const isBelow = popover.offsetHeight <= below || below >= above;
    style.maxHeight = `${Math.max(isBelow ? below : above, LEAST)}px`;
    const top = isBelow ? at.bottom + GAP : at.top - GAP - popover.offsetHeight;
    const left = align === "start" ? at.left : at.right - popover.offsetWidth;
    style.top = `${Math.max(EDGE, Math.min(top, window.innerHeight - popover.offsetHeight - EDGE))}px`;
    style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - popover.offsetWidth - EDGE))}px`;
}
