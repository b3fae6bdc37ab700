/** What to try: a click does it, as the person it is for. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { reconcile } from "./keyed.js";
import { avatar } from "./people.js";
import { language, t } from "./texts.js";

/** @param {import("./app.js").App} app @returns {import("./panel.js").Part} */
export function createTries(app) {
    const { store } = app;
    const list = h("ol", { class: "tries" });
    const draw = () =>
        reconcile(
            list,
            store.tries.map((one) => ({
                key: one.id,
                version: [one, app.tried.has(one.id)],
                build: () => row(app, one),
            })),
        );
    return { node: h("div", { class: "panel-body" }, h("p", { class: "lead" }, t("tries_about")), list), draw };
}

/** @param {import("./app.js").App} app @param {import("./types.js").Try} one */
function row(app, one) {
    const isDone = app.tried.has(one.id);
    const person = app.store.people.find(({ id }) => id === one.as);
    const who = h("span", { class: "try-who" }, avatar(app.store, one.as), person?.real_name ?? one.as);
    const act = h(
        "button",
        {
            type: "button",
            class: `try${isDone ? " done" : ""}`,
            onclick: () => app.try(one),
            "data-testid": `try-${one.id}`,
        },
        h("span", { class: "try-about" }, one.about[language()]),
        h("code", {}, shownText(app, one)),
        who,
        isDone ? h("span", { class: "try-done" }, icon("check"), t("tried")) : null,
    );
    return h("li", {}, act);
}

/** @param {import("./app.js").App} app @param {import("./types.js").Try} one */
function shownText({ store }, one) {
    if (one.do !== "shortcut") return one.text;
    return store.shortcuts.find(({ callback_id }) => callback_id === one.text)?.name ?? one.text;
}
