/** Behind the scenes: what was sent to the bot, when it acknowledged, and each thing it did then. */

import { h } from "./dom.js";
import { jsonBox } from "./json.js";
import { reconcile } from "./keyed.js";
import { clockOf } from "./render/dates.js";
import { tabbed } from "./tabs.js";
import { t } from "./texts.js";
import { timeline } from "./timeline.js";
import { newestFirst } from "./traces.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Trace} Trace */

/** What Slack waits for an acknowledgement, and from where on it is close. */
const PATIENCE_MS = 3000;
const CLOSE_MS = 1500;

/** @param {App} app @returns {import("./panel.js").Part} */
export function createTrace(app) {
    const { store } = app;
    const breaches = h("ul", { class: "breach-list", "data-testid": "breach-list", "aria-label": t("breaches_about") });
    const actions = h("ul", { class: "action-list", "aria-label": t("actions") });
    const details = h("div", { class: "action-details" });
    const empty = h("p", { class: "empty" }, t("no_actions"));
    let tab = "steps";
    const draw = () => {
        const traces = newestFirst(store);
        const chosen = traces.find(({ id }) => id === store.trace) ?? traces[0];
        empty.hidden = traces.length > 0;
        breaches.hidden = app.breaches.length === 0;
        reconcile(
            breaches,
            app.breaches.map((one, index) => ({ key: String(index), version: [one], build: () => breachRow(one) })),
        );
        reconcile(
            actions,
            traces.map((one) => ({
                key: one.id,
                version: [one, one === chosen],
                build: () => actionRow(app, one, one === chosen),
            })),
        );
        const build = () => detailsOf(chosen, tab, (now) => (tab = now));
        reconcile(details, chosen ? [{ key: chosen.id, version: [chosen], build }] : []);
    };
    return { node: h("div", { class: "trace-body" }, breaches, empty, actions, details), draw };
}

/** @param {import("./types.js").Breach} breach */
function breachRow({ at, where, text }) {
    return h(
        "li",
        { class: "breach", "data-testid": "breach" },
        h("b", {}, where),
        " ",
        text,
        " ",
        h("time", {}, clockOf(at)),
    );
}

/** @param {App} app @param {Trace} trace @param {boolean} isChosen */
function actionRow({ store }, trace, isChosen) {
    const choose = () => store.set({ trace: trace.id });
    return h(
        "li",
        {},
        h(
            "button",
            {
                type: "button",
                class: "action-row",
                "aria-current": isChosen ? "true" : null,
                "data-testid": `action-${trace.id}`,
                onclick: choose,
            },
            h("span", { class: "action-title" }, trace.title),
            h("span", { class: "quiet small" }, `${store.nameOf(trace.user)} · ${clockOf(trace.at)}`),
            acknowledged(trace),
        ),
    );
}

/** How long the acknowledgement took, in the colour of what that means. @param {Trace} trace */
function acknowledged({ acknowledged_ms: took, error, status, done }) {
    if (error) return h("span", { class: "state state-bad" }, error);
    if (took === null) return h("span", { class: "state" }, done ? "—" : "…");
    if (status !== 200) return h("span", { class: "state state-bad" }, `HTTP ${status}`);
    const colour = took < CLOSE_MS ? "good" : took < PATIENCE_MS ? "close" : "bad";
    return h(
        "span",
        { class: `state state-${colour}`, title: t("acknowledged_about") },
        `${took < 100 ? took.toFixed(1) : Math.round(took)} ms`,
    );
}

/** @param {Trace} trace @param {string} tab @param {(tab: string) => void} onTab */
function detailsOf(trace, tab, onTab) {
    const tabs = [
        { id: "steps", label: `${t("steps")} (${trace.steps.length})`, draw: () => timeline(trace) },
        { id: "request", label: t("request"), draw: () => jsonBox(trace.request, 1) },
        { id: "acknowledgement", label: t("acknowledgement"), draw: () => acknowledgement(trace) },
    ];
    const head = h(
        "div",
        { class: "details-head" },
        h("h3", {}, trace.title),
        h("span", { class: "quiet small" }, trace.kind),
        acknowledged(trace),
    );
    return h("div", {}, head, tabbed(trace.title, tabs, tab, onTab).node);
}

/** @param {Trace} trace */
function acknowledgement({ acknowledgement: said, acknowledged_ms: took }) {
    const isEmpty = said === null || said === "" || (typeof said === "object" && Object.keys(said).length === 0);
    if (took === null) return h("p", { class: "empty" }, t("not_acknowledged"));
    return isEmpty ? h("p", { class: "empty" }, t("empty_acknowledgement")) : jsonBox(said, 2);
}
