/** The middle: a channel with its messages and its composer, or the app with its tabs. */

import { createComposer } from "./composer.js";
import { h } from "./dom.js";
import { homeTab } from "./home.js";
import { icon } from "./icons.js";
import { reconcile } from "./keyed.js";
import { MessageList } from "./messages.js";
import { tabbed } from "./tabs.js";
import { t } from "./texts.js";
import { announce } from "./toast.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @returns {import("./shell.js").Part} */
export function createConversation(app) {
    const { store } = app;
    const node = h("main", { class: "conversation", id: "conversation", tabIndex: -1 });
    /** @type {MessageList | null} */
    let list = null;
    /** @type {import("./tabs.js").Tabbed | null} */
    let tabs = null;
    let last = "";

    const channelView = () => {
        const view = messagesView(app);
        list = view.list;
        return view.node;
    };
    const build = () => {
        const { place } = store;
        tabs = place.kind === "im" ? appTabs(app, channelView) : null;
        const parts = tabs ? [appHeader(app), tabs.node] : [channelHeader(place), channelView()];
        return h("div", { class: "fill" }, ...parts);
    };
    const draw = () => {
        const { place } = store;
        reconcile(node, [{ key: "view", version: [place.id], build }]);
        tabs?.show(store.tab);
        if (list && store.isReading) {
            list.draw(store.topLevel(place.id));
            store.see(place.id);
        }
        drawHome(node, app);
        last = announceNew(app, last);
    };
    return { node, draw };
}

/** The Home is published while one looks at it. @param {HTMLElement} node @param {App} app */
function drawHome(node, app) {
    const holder = /** @type {HTMLElement | null} */ (node.querySelector("[data-testid=home]"));
    const view = app.store.homes.get(app.store.me);
    if (holder) reconcile(holder, [{ key: "home", version: [view?.id, view?.hash], build: () => homeTab(app, view) }]);
}

/** @param {import("./types.js").Channel} channel */
function channelHeader(channel) {
    const topic = channel.topic ? h("p", { class: "topic" }, channel.topic) : null;
    return h("header", { class: "channel-header" }, h("h1", {}, icon("hash"), channel.name), topic);
}

/** @param {App} app */
function messagesView(app) {
    const { place } = app.store;
    const list = new MessageList(app, place.id, { testId: "messages", label: t("messages"), intro: intro(app) });
    const composer = createComposer(app, place.id, null);
    app.fillComposer = composer.fill;
    return { list, node: h("div", { class: "fill" }, list.node, composer.node) };
}

/** What stands before the first message. @param {App} app */
function intro(app) {
    const { place } = app.store;
    const name = place.kind === "im" ? app.store.app.name : `#${place.name}`;
    const open = () => app.store.set({ panel: "tries" });
    return h(
        "div",
        { class: "intro" },
        h("h2", {}, t("intro_title", { name })),
        h("p", {}, t("intro")),
        h("button", { type: "button", class: "button", onclick: open }, icon("bulb"), t("panel_tries")),
    );
}

/** @param {App} app */
function appHeader({ store }) {
    const mark = h("img", { src: "/static/mark.svg", alt: "", class: "avatar" });
    return h("header", { class: "channel-header" }, h("h1", {}, mark, store.app.name));
}

/** @param {App} app @param {() => HTMLElement} drawMessages */
function appTabs(app, drawMessages) {
    const tabs = [
        { id: "home", label: t("tab_home"), draw: () => h("div", { class: "home", "data-testid": "home" }) },
        { id: "messages", label: t("tab_messages"), draw: drawMessages },
        { id: "about", label: t("tab_about"), draw: () => aboutTab(app) },
    ];
    const choose = (/** @type {string} */ id) => app.openTab(/** @type {"home"} */ (id));
    return tabbed(app.store.app.name, tabs, app.store.tab, choose);
}

/** @param {App} app */
function aboutTab({ store }) {
    const rows = store.commands.map(({ command, usage_hint, description }) => [
        h("dt", {}, h("code", {}, command), " ", h("span", { class: "usage" }, usage_hint)),
        h("dd", {}, description),
    ]);
    const shortcuts = store.shortcuts.map(({ name, type, description }) => [
        h("dt", {}, name, h("span", { class: "usage" }, ` · ${t(`shortcut_${type}`)}`)),
        h("dd", {}, description),
    ]);
    return h(
        "div",
        { class: "about" },
        h("p", { class: "lead" }, store.app.description),
        h("h2", {}, t("commands")),
        h("dl", {}, ...rows),
        shortcuts.length ? [h("h2", {}, t("shortcuts")), h("dl", {}, ...shortcuts)] : null,
    );
}

/** Says the newest message of somebody else to screen readers. @param {App} app @param {string} last @returns {string} */
function announceNew({ store }, last) {
    const newest = store.messagesIn(store.channel).findLast(({ deleted }) => !deleted);
    const key = newest ? `${newest.ts}/${newest.text}` : "";
    if (newest && last && key !== last && newest.user !== store.me)
        announce(`${store.nameOf(newest.user)}: ${newest.text}`);
    return key || "none";
}
