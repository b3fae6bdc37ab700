/** The left side: who one is, the channels, the app. */

import { h, newId } from "./dom.js";
import { icon } from "./icons.js";
import { reconcile } from "./keyed.js";
import { avatar } from "./people.js";
import { language, t } from "./texts.js";

/** @typedef {import("./types.js").Channel} Channel */

/** @param {import("./app.js").App} app @returns {import("./shell.js").Part} */
export function createSidebar(app) {
    const { store } = app;
    const channels = h("ul", { class: "places" });
    const apps = h("ul", { class: "places" });
    const node = h(
        "nav",
        { class: "sidebar", "aria-label": t("side_bar"), "data-testid": "sidebar" },
        personSwitch(app),
        ...section(t("channels"), channels),
        ...section(t("apps"), apps),
        h("p", { class: "sidebar-note" }, t("what_this_is")),
    );
    const draw = () => {
        const places = store.channels.filter(({ kind }) => kind === "channel");
        reconcile(
            channels,
            places.map((channel) => item(app, channel, `# ${channel.name}`, icon("hash"))),
        );
        reconcile(apps, store.im ? [item(app, store.im, store.app.name, avatar(store, store.app.user_id))] : []);
    };
    return { node, draw };
}

/** @param {string} title @param {HTMLElement} list */
function section(title, list) {
    const id = newId("section");
    list.setAttribute("aria-labelledby", id);
    return [h("h2", { id, class: "sidebar-title" }, title), list];
}

/** @param {import("./app.js").App} app */
function personSwitch(app) {
    const { store } = app;
    const rows = store.people.map((person) => {
        const box = h("input", {
            type: "radio",
            name: "person",
            value: person.id,
            checked: person.id === store.me,
            onchange: () => app.switchTo(person.id),
        });
        const words = h(
            "span",
            { class: "person-words" },
            h("span", { class: "person-name" }, person.real_name),
            h("span", { class: "person-title" }, person.title[language()]),
        );
        const speaks = h(
            "span",
            { class: "person-language", title: t(`reads_${person.language}`) },
            person.language.toUpperCase(),
        );
        return h("label", { class: "person" }, box, avatar(store, person.id), words, speaks);
    });
    return h(
        "fieldset",
        { class: "people", "data-testid": "person" },
        h("legend", { class: "sidebar-title" }, t("who_you_are")),
        ...rows,
    );
}

/** @param {import("./app.js").App} app @param {Channel} channel @param {string} label @param {Element} sign @returns {import("./keyed.js").Item} */
function item(app, channel, label, sign) {
    const { store } = app;
    const isCurrent = store.channel === channel.id;
    const unread = isCurrent && store.isReading ? 0 : store.unread(channel.id);
    const badge = () =>
        h(
            "span",
            { class: "badge" },
            h("span", { "aria-hidden": "true" }, String(unread)),
            h("span", { class: "unseen" }, t("unread", { count: unread })),
        );
    const build = () =>
        h(
            "li",
            {},
            h(
                "button",
                {
                    type: "button",
                    class: "place",
                    "data-testid": `channel-${channel.id}`,
                    "aria-current": isCurrent ? "page" : null,
                    onclick: () => app.openChannel(channel.id),
                },
                sign,
                h("span", { class: "place-name" }, label.replace(/^# /, "")),
                unread ? badge() : null,
            ),
        );
    return { key: channel.id, version: [isCurrent, unread], build };
}
