/** The field one types in: messages, commands with their completion, what was sent before, shortcuts. */

import { Completion } from "./completion.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton } from "./menu.js";
import { t } from "./texts.js";

/** @typedef {import("./app.js").App} App */

const MOST_REMEMBERED = 50;

/**
 * @param {App} app
 * @param {string} channel
 * @param {string | null} thread the ts of the thread it writes into
 * @returns {{node: HTMLElement, fill: (text: string) => void}}
 */
export function createComposer(app, channel, thread) {
    const composer = new Composer(app, channel, thread);
    return { node: composer.node, fill: (text) => composer.fill(text) };
}

class Composer {
    /** @param {App} app @param {string} channel @param {string | null} thread */
    constructor(app, channel, thread) {
        this.app = app;
        this.channel = channel;
        this.thread = thread;
        this.draft = `${app.store.me}/${channel}/${thread ?? ""}`;
        /** How far back in what was sent; -1: not looking back. */
        this.back = -1;
        this.text = this.#createText();
        this.completion = new Completion(app.store, this.text, {
            hasCommands: thread === null,
            onTake: () => this.#changed(),
        });
        this.note = h("p", { class: "composer-note", role: "status" });
        this.node = this.#createFrame();
        this.fill(app.store.drafts.get(this.draft) ?? "", { isFocused: false });
    }

    #createText() {
        const label = this.#label();
        return h("textarea", {
            rows: 1,
            class: "composer-text",
            "aria-label": label,
            placeholder: label,
            oninput: () => this.#changed(),
            onkeydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event),
            onblur: () => this.completion.close(),
        });
    }

    #createFrame() {
        const send = h("button", { type: "submit", class: "send", "aria-label": t("send") }, icon("send"));
        const onsubmit = (/** @type {Event} */ event) => {
            event.preventDefault();
            this.submit();
        };
        const row = h("div", { class: "composer-box" }, this.thread ? null : this.#shortcuts(), this.text, send);
        const testId = this.thread ? "thread-composer" : "composer";
        return h("form", { class: "composer", "data-testid": testId, onsubmit }, this.completion.node, row, this.note);
    }

    #label() {
        const { store } = this.app;
        if (this.thread) return t("reply");
        const { kind, name } = store.place;
        return t("write_to", { place: kind === "im" ? store.app.name : `#${name}` });
    }

    #shortcuts() {
        const button = h(
            "button",
            { type: "button", class: "plus", "aria-label": t("shortcuts"), title: t("shortcuts") },
            icon("plus"),
        );
        return menuButton(button, t("shortcuts"), () => {
            const global = this.app.store.shortcuts.filter(({ type }) => type === "global");
            if (!global.length) return [{ label: t("no_shortcuts"), isOff: true, act: () => {} }];
            return global.map(({ name, callback_id, description }) => ({
                label: name,
                description,
                act: () => this.app.act("shortcut", { callback_id, channel: this.channel }),
            }));
        });
    }

    /** Puts a text into the field. @param {string} text @param {{isFocused?: boolean}} [how] */
    fill(text, { isFocused = true } = {}) {
        this.text.value = text;
        this.#fit();
        this.app.store.drafts.set(this.draft, text);
        if (!isFocused) return;
        this.text.focus();
        this.text.setSelectionRange(text.length, text.length);
        this.completion.show();
    }

    #changed() {
        this.back = -1;
        this.app.store.drafts.set(this.draft, this.text.value);
        this.#fit();
        this.completion.show();
        const isCommand = this.thread !== null && this.text.value.startsWith("/");
        this.#say(isCommand ? t("no_commands_in_threads") : "", isCommand);
    }

    #fit() {
        this.text.rows = Math.min(8, this.text.value.split("\n").length);
    }

    /** @param {string} sentence @param {boolean} [isBad] */
    #say(sentence, isBad = false) {
        this.note.textContent = sentence;
        this.note.classList.toggle("bad", isBad);
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
        if (event.isComposing || this.completion.onKey(event)) return;
        if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            this.submit();
        } else if (event.key === "ArrowUp" && (this.back >= 0 || this.text.value === "")) this.#lookBack(event, 1);
        else if (event.key === "ArrowDown" && this.back >= 0) this.#lookBack(event, -1);
    }

    /** Goes through what was sent. @param {KeyboardEvent} event @param {1 | -1} step */
    #lookBack(event, step) {
        const sent = this.app.store.sent.get(this.app.store.me) ?? [];
        const back = this.back + step;
        if (back >= sent.length) return;
        event.preventDefault();
        this.fill(sent.at(-1 - back) ?? "", { isFocused: false });
        if (back < 0) this.fill("", { isFocused: false });
        this.back = back;
    }

    async submit() {
        const text = this.text.value.trim();
        if (!text) return;
        const refusal = text.startsWith("/") ? this.#refusal(text) : "";
        if (refusal) return this.#say(refusal, true);
        this.#remember(text);
        this.back = -1;
        this.fill("");
        this.#say(t("sending"));
        this.node.classList.add("sending");
        await this.#send(text);
        this.node.classList.remove("sending");
        if (this.note.textContent === t("sending")) this.#say("");
    }

    /** Why Slack would not take this as a command. @param {string} text */
    #refusal(text) {
        if (this.thread !== null) return t("no_commands_in_threads");
        const [command] = text.split(/\s/, 1);
        const isKnown = this.app.store.commands.some((one) => one.command === command);
        return isKnown ? "" : t("unknown_command", { command });
    }

    /** @param {string} text */
    #send(text) {
        const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
        if (command) return this.app.command(this.channel, command, rest);
        return this.app.say(this.channel, text, this.thread);
    }

    /** @param {string} text */
    #remember(text) {
        const { sent, me } = this.app.store;
        const earlier = (sent.get(me) ?? []).filter((one) => one !== text);
        sent.set(me, [...earlier, text].slice(-MOST_REMEMBERED));
    }
}
