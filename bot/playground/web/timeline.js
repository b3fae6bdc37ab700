/** The steps of one action in order, each with its place in time. */

import { h } from "./dom.js";
import { jsonBox } from "./json.js";
import { t } from "./texts.js";

/** @typedef {import("./types.js").Trace} Trace */
/** @typedef {import("./types.js").Step} Step */

/** @param {Trace} trace @returns {HTMLElement} */
export function timeline(trace) {
    const { steps, acknowledged_ms: took, done } = trace;
    const end = Math.max(1, took ?? 0, ...steps.map(({ at_ms }) => at_ms));
    const rows = steps.map((step) => ({ at: step.at_ms, node: stepRow(step, end) }));
    if (took !== null) rows.push({ at: took, node: acknowledgedRow(took, end) });
    rows.sort((one, other) => one.at - other.at);
    const note = done ? null : h("p", { class: "empty" }, t("still_running"));
    return h("div", {}, h("ol", { class: "timeline" }, ...rows.map(({ node }) => node)), note);
}

/** @param {Step} step @param {number} end */
function stepRow({ at_ms: at, kind, title, outcome, detail }, end) {
    const summary = h(
        "summary",
        {},
        moment(at),
        h("span", { class: `kind kind-${kind}` }, t(`kind_${kind}`)),
        h(
            "span",
            { class: "step-words" },
            h("span", { class: "step-title" }, title),
            h("span", { class: "step-outcome" }, outcome),
        ),
        track(at, end, kind),
    );
    const fold = h("details", {}, summary);
    fold.addEventListener("toggle", () => fold.childElementCount === 1 && fold.append(jsonBox(detail, 2)));
    return h("li", { "data-testid": "trace-step", "data-kind": kind }, fold);
}

/** @param {number} took @param {number} end */
function acknowledgedRow(took, end) {
    return h(
        "li",
        { class: "acknowledged-row", "data-testid": "trace-acknowledged" },
        h(
            "div",
            { class: "step-line" },
            moment(took),
            h("span", { class: "kind kind-ack" }, t("kind_ack")),
            h("span", { class: "step-words" }, h("span", { class: "step-title" }, t("acknowledged_to_slack"))),
            track(took, end, "ack"),
        ),
    );
}

/** @param {number} ms */
const moment = (ms) => h("span", { class: "step-at" }, ms < 100 ? ms.toFixed(1) : String(Math.round(ms)));

/** A mark on a line that is as long as the whole action. @param {number} at @param {number} end @param {string} kind */
function track(at, end, kind) {
    const mark = h("span", { class: `track-mark kind-${kind}` });
    mark.style.width = `${Math.max(2, (at / end) * 100)}%`;
    return h("span", { class: "track", "aria-hidden": "true" }, mark);
}
