/** What a text could become: commands after "/", the bot after "@"; and a command's usage while one types its rest. */

import { h, newId } from "./dom.js";
import { t } from "./texts.js";

/** @typedef {{title: string, usage: string, about: string, take: () => void}} Offer */

export class Completion {
    /**
     * @param {import("./store.js").Store} store
     * @param {HTMLTextAreaElement} text
     * @param {{hasCommands: boolean, onTake: () => void}} how
     */
    constructor(store, text, { hasCommands, onTake }) {
        this.store = store;
        this.text = text;
        this.hasCommands = hasCommands;
        this.onTake = onTake;
        /** @type {Offer[]} */
        this.offers = [];
        this.active = 0;
        const id = newId("completion");
        this.list = h("div", {
            id,
            role: "listbox",
            "aria-label": t("completion"),
            onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
        });
        this.usage = h("p", { class: "usage-line" });
        this.node = h("div", { class: "completion", "data-testid": "completion", hidden: true }, this.list, this.usage);
        for (const [name, value] of Object.entries({
            "aria-autocomplete": "list",
            "aria-controls": id,
            "aria-haspopup": "listbox",
        })) {
            text.setAttribute(name, value);
        }
    }

    get isOpen() {
        return this.offers.length > 0;
    }

    /** Offers what fits the text now. */
    show() {
        const before = this.text.value.slice(0, this.text.selectionStart);
        this.#offer([...this.#commands(before), ...this.#mention(before)]);
        this.#showUsage();
    }

    close() {
        this.#offer([]);
        this.node.hidden = true;
    }

    /** @param {string} before @returns {Offer[]} */
    #commands(before) {
        if (!this.hasCommands || !/^\/\S*$/.test(before)) return [];
        const fitting = this.store.commands.filter(({ command }) => command.startsWith(before));
        return fitting.map(({ command, usage_hint, description }) => ({
            title: command,
            usage: usage_hint,
            about: description,
            take: () => this.#put(0, `${command} `),
        }));
    }

    /** @param {string} before @returns {Offer[]} */
    #mention(before) {
        const typed = /(?:^|\s)@([\w.-]*)$/.exec(before)?.[1];
        const { name, description } = this.store.app;
        if (typed === undefined || !name.startsWith(typed) || typed === name) return [];
        return [
            {
                title: `@${name}`,
                usage: "",
                about: description,
                take: () => this.#put(before.length - typed.length - 1, `@${name} `),
            },
        ];
    }

    /** Replaces the text from a place to the caret. @param {number} from @param {string} words */
    #put(from, words) {
        const rest = this.text.value.slice(this.text.selectionStart);
        this.text.value = this.text.value.slice(0, from) + words + rest;
        this.text.setSelectionRange(from + words.length, from + words.length);
        this.onTake();
    }

    /** @param {Offer[]} offers */
    #offer(offers) {
        this.offers = offers;
        this.list.replaceChildren(...offers.map((offer, index) => this.#row(offer, index)));
        this.list.hidden = offers.length === 0;
        this.node.hidden = offers.length === 0;
        this.#activate(0);
    }

    /** @param {Offer} offer @param {number} index */
    #row({ title, usage, about, take }, index) {
        return h(
            "div",
            {
                role: "option",
                id: `${this.list.id}-${index}`,
                class: "option",
                "aria-selected": "false",
                onclick: take,
            },
            h("span", { class: "offer-title" }, title, " ", h("span", { class: "usage" }, usage)),
            h("span", { class: "option-note" }, about),
        );
    }

    /** @param {number} index */
    #activate(index) {
        this.active = index;
        [...this.list.children].forEach((row, at) => {
            row.classList.toggle("active", at === index);
            row.setAttribute("aria-selected", String(at === index));
        });
        if (this.isOpen) this.text.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
        else this.text.removeAttribute("aria-activedescendant");
    }

    #showUsage() {
        const [word, rest] = this.text.value.split(/\s/, 2);
        const command =
            this.hasCommands && rest !== undefined
                ? this.store.commands.find((one) => one.command === word)
                : undefined;
        this.usage.hidden = !command;
        if (!command) return;
        this.usage.replaceChildren(h("b", {}, command.command), " ", command.usage_hint);
        this.node.hidden = false;
    }

    /** @param {KeyboardEvent} event @returns {boolean} true when the key was for the list */
    onKey(event) {
        if (event.key === "Escape" && !this.node.hidden) this.close();
        else if (!this.isOpen) return false;
        else if (event.key === "ArrowDown") this.#activate((this.active + 1) % this.offers.length);
        else if (event.key === "ArrowUp") this.#activate((this.active + this.offers.length - 1) % this.offers.length);
        else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !this.#isTyped()))
            this.offers[this.active].take();
        else return false;
        event.preventDefault();
        event.stopPropagation();
        return true;
    }

    /** Whether the command is typed to its end already: then Enter sends it. */
    #isTyped() {
        return this.offers[this.active].title === this.text.value;
    }
}
