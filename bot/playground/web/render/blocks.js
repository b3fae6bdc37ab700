/** Block Kit: one function for each block that Slack's classic clients show. What is not here is refused. */

import { h, newId } from "../dom.js";
import { renderElement } from "./elements.js";
import { renderMarkdown } from "./markdown.js";
import { refusal } from "./parts.js";
import { richText } from "./richtext.js";
import { renderText } from "./text.js";
import { Field } from "../surface.js";
import { t } from "../texts.js";

/** @typedef {import("../types.js").Json} Json */
/** @typedef {import("../surface.js").Surface} Surface */

/**
 * @param {Json[]} blocks
 * @param {Surface} surface where they stand
 * @returns {HTMLElement[]}
 */
export function renderBlocks(blocks, surface) {
    return blocks.map((block, index) => {
        const draw = BLOCKS[block.type];
        const id = block.block_id ?? `b${index}`;
        return draw ? draw(block, surface, id) : refusal(surface.app, block.type);
    });
}

/** @type {Record<string, (block: Json, surface: Surface, id: string) => HTMLElement>} */
const BLOCKS = {
    header: (block) => h("h3", { class: "block-header" }, block.text.text),
    divider: () => h("hr"),
    markdown: (block) => renderMarkdown(block.text),
    rich_text: (block, surface) => richText(block, surface.app),

    section(block, surface, id) {
        const text = block.text && h("div", { class: "section-text" }, ...renderText(block.text, surface.app.store));
        const fields = (block.fields ?? []).map((/** @type {Json} */ field) =>
            h("div", { class: "section-field" }, ...renderText(field, surface.app.store)),
        );
        const accessory =
            block.accessory && h("div", { class: "accessory" }, element(block.accessory, surface, block, id));
        const main = h(
            "div",
            { class: "section-main" },
            text,
            fields.length ? h("div", { class: "section-fields" }, fields) : null,
        );
        return h("div", { class: "section" }, main, accessory);
    },

    context(block, surface) {
        const parts = block.elements.map((/** @type {Json} */ one) =>
            one.type === "image" ? picture(one, surface) : h("span", {}, ...renderText(one, surface.app.store)),
        );
        return h("div", { class: "context" }, ...parts);
    },

    actions(block, surface, id) {
        const elements = block.elements.map((/** @type {Json} */ one) => element(one, surface, block, id));
        return h("div", { class: "actions" }, ...elements);
    },

    input(block, surface, id) {
        const ids = { label: newId("label"), hint: newId("hint"), error: newId("error") };
        const described = `${ids.error}${block.hint ? ` ${ids.hint}` : ""}`;
        const field = new Field(surface, block, id, block.element, { labelId: ids.label, describedBy: described });
        const optional = block.optional ? h("span", { class: "optional" }, ` (${t("optional")})`) : null;
        return h(
            "div",
            { class: "input-block", "data-block-id": id },
            h("div", { class: "input-label", id: ids.label }, block.label.text, optional),
            renderElement(block.element, field),
            h("p", { class: "field-error", id: ids.error, hidden: true }),
            block.hint && h("p", { class: "hint", id: ids.hint }, block.hint.text),
        );
    },

    image(block, surface) {
        const title = block.title && h("figcaption", {}, block.title.text);
        return h("figure", {}, title, picture(block, surface));
    },

    table(block, surface) {
        const rows = block.rows.map((/** @type {Json[]} */ row, /** @type {number} */ at) =>
            h(
                "tr",
                {},
                ...row.map((cell, column) => tableCell(cell, surface, at === 0, block.column_settings?.[column])),
            ),
        );
        const [head, ...body] = rows;
        return h("div", { class: "table-frame" }, h("table", {}, h("thead", {}, head), h("tbody", {}, ...body)));
    },

    alert(block, surface) {
        const level = block.level ?? "default";
        const sign = h("span", { class: "alert-sign" }, t(`alert_${level}`));
        return h(
            "div",
            { class: `alert alert-${level}`, role: "note" },
            sign,
            h("div", {}, ...renderText(block.text, surface.app.store)),
        );
    },
};

/** An element of a section or of actions. @param {Json} one @param {Surface} surface @param {Json} block @param {string} id */
function element(one, surface, block, id) {
    if (one.type === "image") return picture(one, surface);
    return renderElement(one, new Field(surface, block, id, one));
}

/** Only pictures that are in the message itself: the page asks no other server for anything.
 * @param {Json} image @param {Surface} surface @returns {HTMLElement} */
function picture(image, surface) {
    if (!image.image_url?.startsWith("data:")) return refusal(surface.app, "image (image_url)");
    return h("img", { src: image.image_url, alt: image.alt_text, class: "picture" });
}

/** @param {Json} cell @param {Surface} surface @param {boolean} isHead @param {Json} [settings] */
function tableCell(cell, surface, isHead, settings) {
    const content = cell.type === "rich_text" ? richText(cell, surface.app) : (cell.text ?? String(cell.value));
    const attributes = { class: `align-${settings?.align ?? "left"}`, ...(isHead ? { scope: "col" } : {}) };
    return h(isHead ? "th" : "td", attributes, content);
}
