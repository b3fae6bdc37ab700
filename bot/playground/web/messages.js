/** A list of messages that is kept, not redrawn, and that scrolls only for those who read its end. */

import { h } from "./dom.js";
import { reconcile } from "./keyed.js";
import { renderMessage } from "./message.js";
import { dayOf, dayTitle } from "./render/dates.js";
import { t } from "./texts.js";

/** @typedef {import("./types.js").Message} Message */

/** In pixels: still the same place, and what stays free above a long message. */
const NEAR = 60;
const ABOVE = 16;

const TOGETHER_SECONDS = 300;

export class MessageList {
    /**
     * @param {import("./app.js").App} app
     * @param {string} channel
     * @param {{testId: string, label: string, intro?: HTMLElement, isThread?: boolean}} how
     */
    constructor(app, channel, { testId, label, intro, isThread = false }) {
        this.app = app;
        this.channel = channel;
        this.isThread = isThread;
        this.items = h("ol", { class: "message-items" });
        this.frame = h(
            "div",
            { class: "messages", role: "region", "aria-label": label, tabIndex: 0, "data-testid": testId },
            intro,
            this.items,
        );
        this.newer = h(
            "button",
            { type: "button", class: "newer", hidden: true, onclick: () => this.follow() },
            `${t("new_messages")} ↓`,
        );
        this.node = h("div", { class: "messages-box" }, this.frame, this.newer);
        /** @type {string | null} */
        this.last = null;
        this.isFollowing = true;
        /** Where following left off. */
        this.rest = 0;
        this.frame.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    }

    /** @param {Message[]} messages */
    draw(messages) {
        reconcile(this.items, this.#items(messages));
        const last = messages.at(-1);
        const isNew = last !== undefined && last.ts !== this.last;
        const isMine = last?.user === this.app.store.me;
        // What changes in place moves nothing: somebody may be reading on in it, or choosing in its menu.
        if (this.last === null || (isNew && (this.isFollowing || isMine))) this.follow();
        else if (isNew) this.newer.hidden = false;
        this.last = last?.ts ?? "";
    }

    /** Shows the newest message: its end, or its beginning when it is longer than the window. */
    follow() {
        const last = /** @type {HTMLElement | null} */ (this.items.lastElementChild);
        this.frame.scrollTop = Math.min(this.#end, (last?.offsetTop ?? 0) - ABOVE);
        this.rest = this.frame.scrollTop;
        this.newer.hidden = true;
        this.isFollowing = true;
    }

    get #end() {
        return this.frame.scrollHeight - this.frame.clientHeight;
    }

    #onScroll() {
        this.isFollowing = this.frame.scrollTop > Math.min(this.#end, this.rest) - NEAR;
        if (this.isFollowing) this.newer.hidden = true;
    }

    /** Messages with a divider before each day. @param {Message[]} messages @returns {import("./keyed.js").Item[]} */
    #items(messages) {
        const { store } = this.app;
        const replies = this.isThread ? new Map() : countReplies(store.messagesIn(this.channel));
        /** @type {import("./keyed.js").Item[]} */
        const items = [];
        let day = "";
        messages.forEach((message, index) => {
            const isFirst = dayOf(message.ts) !== day;
            day = dayOf(message.ts);
            if (isFirst) items.push(divider(day, dayTitle(message.ts)));
            const isCompact = !isFirst && isTogether(messages[index - 1], message);
            const { count = 0, last = "" } = replies.get(message.ts) ?? {};
            const build = () =>
                renderMessage(this.app, message, { isCompact, replies: count, last, isThread: this.isThread });
            items.push({ key: message.ts, version: [message, isCompact, count, last], build });
        });
        return items;
    }
}

/** @param {string} day @param {string} title @returns {import("./keyed.js").Item} */
function divider(day, title) {
    return { key: day, version: [title], build: () => h("li", { class: "day" }, h("h2", {}, title)) };
}

/** @param {Message[]} messages @returns {Map<string, {count: number, last: string}>} by the ts of the thread */
function countReplies(messages) {
    const replies = new Map();
    for (const { ts, thread_ts, deleted } of messages) {
        if (!thread_ts || thread_ts === ts || deleted) continue;
        replies.set(thread_ts, { count: (replies.get(thread_ts)?.count ?? 0) + 1, last: ts });
    }
    return replies;
}

/** Whether a message needs no name and face of its own. @param {Message} before @param {Message} message */
function isTogether(before, message) {
    const isNear = Number(message.ts) - Number(before.ts) < TOGETHER_SECONDS;
    return isNear && before.user === message.user && !before.only_for && !message.only_for && !before.deleted;
}
