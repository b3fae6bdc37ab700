/** What a person can do on the page; every part of it gets this one object. */

import { RequestFailed } from "./connection.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

/** @typedef {import("./types.js").Json} Json */
/** @typedef {{blocks: Json[] | null, entries: Map<string, {blockId: string, value: any}>}} Memory */

const NO_ANSWER = ["operation_timeout", "dispatch_failed"];

/** The author of what the page itself says in a channel. */
export const SLACKBOT = "USLACKBOT";

export class App {
    /**
     * @param {import("./store.js").Store} store
     * @param {import("./connection.js").Connection} connection
     */
    constructor(store, connection) {
        this.store = store;
        this.connection = connection;
        /** @type {Map<string, Memory>} what is entered in messages and views, by their name */
        this.memories = new Map();
        /** @type {Map<string, import("./types.js").Breach>} what the page could not show */
        this.refused = new Map();
        /** @type {Set<string>} the ids of what was tried already */
        this.tried = new Set();
        /** @type {(text: string) => void} puts a text into the composer that is shown */
        this.fillComposer = () => {};
    }

    /** @param {string} what @param {Record<string, any>} fields @returns {Promise<any>} */
    request(what, fields) {
        return this.connection.request({ do: what, user: this.store.me, ...fields });
    }

    /**
     * Asks for something that reaches the bot.
     *
     * @param {string} what
     * @param {Record<string, any>} fields
     * @returns {Promise<string>} what to tell the person when it failed, else ""
     */
    async send(what, fields) {
        try {
            return failureOf(await this.request(what, fields));
        } catch (error) {
            if (error instanceof RequestFailed) return error.message === "offline" ? t("offline") : error.message;
            throw error;
        }
    }

    /** The same, telling failures in a corner. @param {string} what @param {Record<string, any>} fields */
    async act(what, fields) {
        const failure = await this.send(what, fields);
        if (failure) toast(failure, "bad");
        return failure === "";
    }

    /** @param {string} channel @param {string} command @param {string} text */
    async command(channel, command, text) {
        const user = this.store.me;
        const failure = await this.send("command", { channel, command, text });
        if (failure) this.#tell(channel, user, t("command_failed", { command, failure }));
    }

    /** @param {string} channel @param {string} text @param {string | null} [thread] */
    say(channel, text, thread = null) {
        return this.act("say", { channel, text, ...(thread ? { thread_ts: thread } : {}) });
    }

    /** A line that only one person sees, by the page itself. @param {string} channel @param {string} user @param {string} text */
    #tell(channel, user, text) {
        const now = Date.now() * 1000;
        const ts = `${Math.floor(now / 1e6)}.${String(now % 1e6).padStart(6, "0")}`;
        const message = {
            ts,
            channel,
            user: SLACKBOT,
            text,
            blocks: [],
            thread_ts: null,
            only_for: user,
            deleted: false,
            edited: false,
        };
        this.store.take({ type: "message", message });
    }

    /** @param {string} id */
    switchTo(id) {
        const { store } = this;
        const wasIm = store.place?.kind === "im";
        store.me = id;
        store.set({
            channel: wasIm ? (store.im?.id ?? store.channels[0].id) : store.channel,
            thread: null,
            panel: withoutThread(store.panel),
        });
        this.#askForHome();
    }

    /** @param {string} id */
    openChannel(id) {
        const { panel } = this.store;
        this.store.set({ channel: id, thread: null, panel: withoutThread(panel) });
        this.closeSidebar();
        this.#askForHome();
    }

    /** Tells the bot that its Home is looked at, if it is. */
    #askForHome() {
        if (this.store.place.kind === "im" && this.store.tab === "home") this.act("open_home", {});
    }

    /** Begins a message for the person, in the first channel if they see none. @param {string} text */
    compose(text) {
        if (!this.store.isReading) this.openChannel(this.store.channels[0].id);
        queueMicrotask(() => this.fillComposer(text));
    }

    /** @param {"home" | "messages" | "about"} tab */
    openTab(tab) {
        this.store.tabs.set(this.store.me, tab);
        this.store.set({});
        this.#askForHome();
    }

    /** @param {string} ts */
    openThread(ts) {
        this.store.set({ thread: ts, panel: "thread" });
    }

    /** Opens a panel, or closes it when it is open. @param {import("./store.js").Panel} panel */
    toggle(panel) {
        this.store.set({ panel: this.store.panel === panel ? null : panel });
    }

    /** On screens that show a panel or the messages, but not both: shows the messages. */
    makeRoom() {
        if (window.matchMedia("(max-width: 70rem)").matches) this.closePanel();
    }

    closePanel() {
        this.store.set({ panel: null, thread: null });
    }

    /** @param {string} id */
    openTrace(id) {
        this.store.set({ trace: id, panel: "trace" });
    }

    /** On narrow screens, where the side bar is a drawer. */
    openSidebar() {
        document.documentElement.classList.add("sidebar-open");
        /** @type {HTMLElement | null} */ (document.querySelector(".sidebar input:checked"))?.focus();
    }

    closeSidebar() {
        const { classList } = document.documentElement;
        if (!classList.contains("sidebar-open")) return;
        classList.remove("sidebar-open");
        /** @type {HTMLElement | null} */ (document.querySelector(".burger"))?.focus();
    }

    /** Does what is proposed, as the person it is proposed for. @param {import("./types.js").Try} what */
    async try(what) {
        this.tried.add(what.id);
        if (this.store.me !== what.as) this.switchTo(what.as);
        if (what.channel === this.store.im?.id) this.store.tabs.set(this.store.me, "messages");
        this.openChannel(what.channel);
        this.makeRoom();
        if (what.do === "say") return this.say(what.channel, what.text);
        if (what.do === "shortcut") return this.#shortcut(what);
        const [, command, text] = /^(\S+)\s*([\s\S]*)$/.exec(what.text) ?? [];
        return this.command(what.channel, command, text);
    }

    /** @param {import("./types.js").Try} what named by its callback_id or its name; on the last message if it is for one */
    #shortcut({ channel, text }) {
        const shortcut = this.store.shortcuts.find(({ callback_id, name }) => [callback_id, name].includes(text));
        if (shortcut?.type !== "message")
            return this.act("shortcut", { callback_id: shortcut?.callback_id ?? text, channel });
        const last = this.store.topLevel(channel).findLast(({ only_for, deleted }) => only_for === null && !deleted);
        return this.act("message_shortcut", { callback_id: shortcut.callback_id, channel, ts: last?.ts });
    }

    /** What is entered in one message or view. @param {string} name @returns {Memory} */
    memoryOf(name) {
        const key = `${this.store.me}/${name}`;
        const memory = this.memories.get(key) ?? { blocks: null, entries: new Map() };
        this.memories.set(key, memory);
        return memory;
    }

    /** Notes something that the page cannot show: it is a breach too. @param {string} kind */
    noteRefused(kind) {
        if (this.refused.has(kind)) return;
        this.refused.set(kind, { at: Date.now() / 1000, where: "page", text: t("cannot_be_shown", { type: kind }) });
        this.store.set({});
    }

    get breaches() {
        return [...this.store.breaches, ...this.refused.values()];
    }
}

/** @param {{status?: number, error?: string}} reply */
function failureOf({ status, error }) {
    if (error) return NO_ANSWER.includes(error) ? t("no_answer", { error }) : error;
    return status === undefined || status === 200 ? "" : t("no_answer", { error: `HTTP ${status}` });
}

/** @param {import("./store.js").Panel} panel */
const withoutThread = (panel) => (panel === "thread" ? null : panel);
