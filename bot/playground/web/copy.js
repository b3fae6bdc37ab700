/** Copying: by a click on anything in code style, or from a menu. */

import { t } from "./texts.js";
import { toast } from "./toast.js";

/** @param {string} text */
export async function copy(text) {
    await navigator.clipboard.writeText(text);
    toast(t("copied", { text: text.length > 40 ? `${text.slice(0, 40)}…` : text }));
}

/** Lets a click on code copy it; marking a part of it by hand is left alone. */
export function copyOnClick() {
    document.addEventListener("click", ({ target }) => {
        const chip = target instanceof Element ? target.closest("code.chip") : null;
        if (chip && window.getSelection()?.isCollapsed !== false) copy(chip.textContent ?? "");
    });
}
