/** The app's Home tab. */

import { h } from "./dom.js";
import { renderBlocks } from "./render/blocks.js";
import { Surface } from "./surface.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

/**
 * @param {import("./app.js").App} app
 * @param {import("./types.js").View | undefined} view none until the app has published one
 * @returns {HTMLElement}
 */
export function homeTab(app, view) {
    if (!view) return h("p", { class: "empty" }, t("no_home"));
    const { blocks } = view.content;
    const surface = new Surface(app, { view: view.id }, blocks, (sentence) => toast(sentence, "bad"), "home");
    return h("div", { class: "home-view" }, ...renderBlocks(blocks, surface));
}
