/** What Slack's client itself finds wrong with a form, before the app sees it. */

import { t } from "./texts.js";

/** @typedef {import("./types.js").Json} Json */

/**
 * @param {import("./surface.js").Surface} surface
 * @returns {Map<string, string>} sentences by block
 */
export function problemsOf(surface) {
    const problems = new Map();
    surface.blocks.forEach((block, index) => {
        if (block.type !== "input") return;
        const id = block.block_id ?? `b${index}`;
        const problem = problemOf(block, surface.valueOf(id, block.element));
        if (problem) problems.set(id, problem);
    });
    return problems;
}

/** @param {Json} block @param {any} value @returns {string} */
function problemOf({ element, optional }, value) {
    const isEmpty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
    if (isEmpty) return optional ? "" : t("required");
    return CHECKS[element.type]?.(element, String(value)) ?? "";
}

/** @type {Record<string, (element: Json, value: string) => string>} */
const CHECKS = {
    plain_text_input({ min_length: least = 0, max_length: most = 3000 }, { length }) {
        if (length < least) return t("too_short", { least });
        return length > most ? t("too_long", { most }) : "";
    },
    email_text_input: (_, value) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? "" : t("no_email")),
    url_text_input: (_, value) => (URL.canParse(value) ? "" : t("no_url")),
    number_input(
        { is_decimal_allowed: isDecimal, min_value: least = "-Infinity", max_value: most = "Infinity" },
        value,
    ) {
        const number = Number(value.replace(",", "."));
        if (Number.isNaN(number) || (!isDecimal && !Number.isInteger(number))) return t("no_number");
        return number < Number(least) || number > Number(most) ? t("out_of_range", { least, most }) : "";
    },
};
