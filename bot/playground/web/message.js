/** One message: who, when, what, and what can be done with it. */

import { copy } from "./copy.js";
import { h, newId } from "./dom.js";
import { icon } from "./icons.js";
import { jsonBox } from "./json.js";
import { menuButton } from "./menu.js";
import { avatar } from "./people.js";
import { SLACKBOT } from "./app.js";
import { renderBlocks } from "./render/blocks.js";
import { momentOf, timeOf } from "./render/dates.js";
import { renderMrkdwn } from "./render/mrkdwn.js";
import { keyOf } from "./store.js";
import { Surface } from "./surface.js";
import { t } from "./texts.js";
import { traceOf } from "./traces.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {{isCompact: boolean, replies: number, last: string, isThread: boolean}} Around */

/** @param {App} app @param {Message} message @param {Around} around @returns {HTMLElement} */
export function renderMessage(app, message, around) {
    const { store } = app;
    const failure = h("p", { class: "failure", role: "alert" });
    const classes = [
        "message",
        around.isCompact && "compact",
        message.only_for && "private",
        message.deleted && "deleted",
    ];
    const nameId = newId("author");
    return h(
        "li",
        {
            class: classes.filter(Boolean).join(" "),
            "data-testid": "message",
            "data-ts": message.ts,
            "data-user": message.user,
        },
        message.only_for && h("p", { class: "private-note" }, icon("eye"), t("only_you")),
        h(
            "article",
            { "aria-labelledby": nameId },
            h(
                "div",
                { class: "message-side" },
                avatar(store, message.user),
                h("time", { class: "compact-time", "aria-hidden": "true" }, timeOf(message.ts)),
            ),
            h(
                "div",
                { class: "message-main" },
                head(app, message, nameId),
                h("div", { class: "message-body" }, ...body(app, message, failure)),
                failure,
                around.replies ? threadLink(app, message, around) : null,
            ),
        ),
        message.deleted ? null : toolbar(app, message, around),
    );
}

/** @param {App} app @param {Message} message @param {string} id */
function head({ store }, message, id) {
    const isBot = store.users[message.user]?.is_bot || message.user === SLACKBOT;
    const name = message.user === SLACKBOT ? "Slackbot" : store.nameOf(message.user);
    return h(
        "div",
        { class: "message-head" },
        h("span", { class: "author", id }, name),
        isBot ? h("span", { class: "app-mark" }, t("app_mark")) : null,
        h("time", { class: "moment", title: momentOf(message.ts) }, timeOf(message.ts)),
    );
}

/** @param {App} app @param {Message} message @param {HTMLElement} failure @returns {any[]} */
function body(app, message, failure) {
    if (message.deleted) return [h("em", {}, t("deleted"))];
    const edited = message.edited ? h("span", { class: "edited" }, t("edited")) : null;
    if (!message.blocks.length)
        return [h("div", { class: "plain" }, ...renderMrkdwn(message.text, app.store), edited ? [" ", edited] : null)];
    const place = { message: { channel: message.channel, ts: message.ts } };
    const show = (/** @type {string} */ sentence) => (failure.textContent = sentence);
    return [...renderBlocks(message.blocks, new Surface(app, place, message.blocks, show, keyOf(message))), edited];
}

/** @param {App} app @param {Message} message @param {Around} around */
function threadLink(app, message, { replies, last }) {
    const open = () => app.openThread(message.ts);
    return h(
        "button",
        { type: "button", class: "thread-link", onclick: open },
        t("replies", { count: replies }),
        h("span", { class: "thread-last" }, t("last_reply", { time: timeOf(last) })),
    );
}

/** @param {App} app @param {Message} message @param {Around} around */
function toolbar(app, message, { isThread }) {
    const reply = h(
        "button",
        {
            type: "button",
            class: "tool",
            "aria-label": t("reply_in_thread"),
            title: t("reply_in_thread"),
            onclick: () => app.openThread(message.thread_ts ?? message.ts),
        },
        icon("reply"),
    );
    const more = h(
        "button",
        { type: "button", class: "tool", "aria-label": t("more_actions"), title: t("more_actions") },
        icon("more"),
    );
    // As in Slack: what only one person sees can neither be answered in a thread nor given to a shortcut.
    const isPrivate = message.only_for !== null;
    return h(
        "div",
        { class: "toolbar" },
        isThread || isPrivate ? null : reply,
        menuButton(more, t("more_actions"), () => choices(app, message, more), { align: "end" }),
    );
}

/** @param {App} app @param {Message} message @param {HTMLElement} opener @returns {import("./menu.js").Choice[]} */
function choices(app, message, opener) {
    const { channel, ts } = message;
    const shortcuts = message.only_for === null ? app.store.shortcuts.filter(({ type }) => type === "message") : [];
    const copyAll = () => copy(textOf(/** @type {HTMLElement} */ (opener.closest(".message"))));
    const trace = message.user === app.store.app.user_id ? traceOf(app.store, message) : undefined;
    return [
        ...shortcuts.map(({ name, callback_id, description }) => ({
            label: name,
            description,
            act: () => app.act("message_shortcut", { callback_id, channel, ts }),
        })),
        { label: t("copy_text"), act: copyAll },
        ...(trace ? [{ label: t("panel_trace"), description: trace.title, act: () => app.openTrace(trace.id) }] : []),
        ...(message.blocks.length ? [{ label: t("blocks_as_json"), act: () => showBlocks(message) }] : []),
    ];
}

/** What can be read in a message, without its menus and buttons. @param {HTMLElement} message */
function textOf(message) {
    const parts = [
        ...message.querySelectorAll(".plain, .rich, .section, .block-header, .context, .alert, .markdown, table"),
    ];
    return parts.map((part) => /** @type {HTMLElement} */ (part).innerText.trim()).join("\n");
}

/** @param {Message} message */
function showBlocks({ text, blocks }) {
    const close = h("button", { type: "submit", class: "button" }, t("close"));
    const id = newId("json");
    const dialog = h(
        "dialog",
        { class: "dialog dialog-wide", "aria-labelledby": id },
        h("h2", { id }, t("blocks_as_json")),
        h("div", { class: "dialog-body" }, jsonBox({ text, blocks }, 3)),
        h("form", { method: "dialog", class: "dialog-buttons" }, close),
    );
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
}
