/** Slack's menus: a field that filters as one types, and a list below it (the combobox pattern of ARIA). */

import { h, newId } from "./dom.js";
import { filtered } from "./filter.js";
import { placePopup } from "./popup.js";
import { t } from "./texts.js";

/** @typedef {import("./types.js").Json} Json */
/** @typedef {{label: string | null, options: Json[]}} Group */
/**
 * @typedef {Object} Source  where the options come from
 * @property {boolean} isRemote  true: typing asks again, and the answer is shown as it is
 * @property {number} least  how many characters have to be typed first
 * @property {(typed: string) => Promise<Group[]>} find
 */
/**
 * @typedef {Object} Settings
 * @property {Record<string, any>} attributes  what names the field
 * @property {string} placeholder
 * @property {Source} source
 * @property {Json[]} chosen
 * @property {boolean} isMultiple
 * @property {number} [most]  that can be chosen
 * @property {(chosen: Json[], control: HTMLElement) => Promise<boolean>} onChoose  false: take the choice back
 */

const PAUSE = 150;

export class Select {
    /** @param {Settings} settings */
    constructor(settings) {
        this.settings = settings;
        this.chosen = settings.chosen;
        /** What was chosen when the list was opened. */
        this.before = settings.chosen;
        /** @type {Json[]} */
        this.options = [];
        this.active = -1;
        this.isOpen = false;
        this.asked = 0;
        this.timer = 0;
        this.listId = newId("list");
        this.field = this.#createField();
        this.list = this.#createList();
        this.note = h("p", { class: "options-note", role: "status" });
        this.popup = this.#createPopup();
        this.chips = h("ul", { class: "chosen", hidden: true, "aria-label": t("chosen") });
        const arrow = h("span", { class: "select-arrow", "aria-hidden": "true" });
        this.node = h(
            "div",
            { class: "select" },
            this.chips,
            h("div", { class: "select-box" }, this.field, arrow),
            this.popup,
        );
        this.follow = () => placePopup(this.popup, this.field, { atLeastAsWide: true });
        this.#showChosen();
    }

    #createField() {
        const { attributes, placeholder } = this.settings;
        return h("input", {
            ...attributes,
            type: "text",
            role: "combobox",
            class: "select-field",
            placeholder,
            autocomplete: "off",
            spellcheck: "false",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-haspopup": "listbox",
            onclick: () => this.open(),
            oninput: () => this.#typed(),
            onkeydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event),
            onblur: () => this.close(),
        });
    }

    #createList() {
        const { placeholder, isMultiple } = this.settings;
        const many = isMultiple ? "true" : null;
        return h("div", {
            id: this.listId,
            role: "listbox",
            class: "options",
            "aria-label": placeholder,
            "aria-multiselectable": many,
        });
    }

    #createPopup() {
        // Pressing the mouse in the list must not take the keyboard out of the field.
        const onmousedown = (/** @type {Event} */ event) => event.preventDefault();
        return h("div", { class: "popup select-popup", popover: "manual", onmousedown }, this.list, this.note);
    }

    open() {
        if (this.isOpen || this.field.getAttribute("aria-busy") === "true") return;
        this.isOpen = true;
        this.before = this.chosen;
        this.field.setAttribute("aria-expanded", "true");
        this.field.setAttribute("aria-controls", this.listId);
        this.field.select();
        this.popup.showPopover();
        window.addEventListener("scroll", this.follow, true);
        window.addEventListener("resize", this.follow);
        this.#find("");
    }

    close() {
        if (!this.isOpen) return;
        this.isOpen = false;
        this.asked += 1;
        clearTimeout(this.timer);
        window.removeEventListener("scroll", this.follow, true);
        window.removeEventListener("resize", this.follow);
        this.field.setAttribute("aria-expanded", "false");
        for (const name of ["aria-controls", "aria-activedescendant"]) this.field.removeAttribute(name);
        if (this.popup.isConnected) this.popup.hidePopover();
        this.#showChosen();
        if (this.settings.isMultiple && this.chosen !== this.before) this.#report(this.before);
    }

    #typed() {
        this.open();
        clearTimeout(this.timer);
        const typed = this.field.value.trim();
        if (this.settings.source.isRemote) this.timer = window.setTimeout(() => this.#find(typed), PAUSE);
        else this.#find(typed);
    }

    /** Shows what there is for a text; an answer that was overtaken by another key is dropped. @param {string} typed */
    async #find(typed) {
        const { find, least, isRemote } = this.settings.source;
        this.asked += 1;
        const asked = this.asked;
        if (typed.length < least) return this.#show([], t("type_more", { count: least }));
        if (isRemote) this.#show([], t("loading"));
        /** @type {Group[]} */
        let groups = [];
        let note = t("nothing_found");
        try {
            groups = await find(typed);
        } catch {
            note = t("not_loaded");
        }
        if (asked !== this.asked) return;
        const shown = isRemote ? groups : filtered(groups, typed);
        this.#show(shown, shown.length ? "" : note);
    }

    /** @param {Group[]} groups @param {string} note */
    #show(groups, note) {
        this.options = groups.flatMap(({ options }) => options);
        let index = 0;
        const drawn = groups.map(({ label, options }) => {
            const rows = options.map((option) => this.#row(option, index++));
            if (label === null) return rows;
            const id = newId("group");
            return [
                h(
                    "div",
                    { role: "group", "aria-labelledby": id },
                    h("div", { id, class: "group-title" }, label),
                    ...rows,
                ),
            ];
        });
        this.list.replaceChildren(...drawn.flat());
        this.list.hidden = this.options.length === 0;
        this.note.textContent = note;
        this.note.hidden = note === "";
        this.#activate(
            Math.max(
                0,
                this.options.findIndex((option) => this.#isChosen(option)),
            ),
        );
        this.follow();
    }

    /** @param {Json} option @param {number} index */
    #row(option, index) {
        const note = option.description ? h("span", { class: "option-note" }, option.description.text) : null;
        const attributes = {
            role: "option",
            id: `${this.listId}-${index}`,
            "aria-selected": String(this.#isChosen(option)),
        };
        const onmousemove = () => this.active !== index && this.#activate(index, false);
        return h(
            "div",
            { ...attributes, class: "option", onmousemove, onclick: () => this.#choose(option) },
            h("span", {}, option.text.text),
            note,
        );
    }

    /** @param {number} index @param {boolean} [isScrolled] */
    #activate(index, isScrolled = true) {
        this.list.querySelector(".active")?.classList.remove("active");
        const row = this.options.length ? document.getElementById(`${this.listId}-${index}`) : null;
        this.active = row ? index : -1;
        if (!row) return this.field.removeAttribute("aria-activedescendant");
        row.classList.add("active");
        this.field.setAttribute("aria-activedescendant", row.id);
        if (isScrolled) row.scrollIntoView({ block: "nearest" });
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
        if (event.key === "Backspace" && this.settings.isMultiple && !this.field.value && this.chosen.length) {
            return this.#take(this.chosen.slice(0, -1));
        }
        if (!this.isOpen) {
            if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
            event.preventDefault();
            return this.open();
        }
        const last = this.options.length - 1;
        if (event.key === "ArrowDown") this.#activate(this.active < last ? this.active + 1 : 0);
        else if (event.key === "ArrowUp") this.#activate(this.active > 0 ? this.active - 1 : last);
        else if (event.key === "Home") this.#activate(0);
        else if (event.key === "End") this.#activate(last);
        else if (event.key === "Enter" && this.active >= 0) this.#choose(this.options[this.active]);
        else if (event.key === "Escape") this.close();
        else if (event.key !== "Enter") return;
        event.preventDefault();
        event.stopPropagation();
    }

    /** @param {Json} option */
    async #choose(option) {
        const { isMultiple, most = Infinity } = this.settings;
        if (isMultiple) {
            const without = this.chosen.filter((one) => one.value !== option.value);
            const isNew = without.length === this.chosen.length;
            if (!isNew || without.length < most) this.#take(isNew ? [...this.chosen, option] : without);
            this.field.value = "";
            return this.#find("");
        }
        const before = this.chosen;
        this.chosen = [option];
        this.close();
        await this.#report(before);
    }

    /** @param {Json[]} before what comes back when the person thinks better of it */
    async #report(before) {
        if (await this.settings.onChoose(this.chosen, this.field)) return;
        this.chosen = before;
        this.#showChosen();
    }

    /** @param {Json[]} chosen */
    #take(chosen) {
        const before = this.chosen;
        this.chosen = chosen;
        this.#showChosen();
        if (!this.isOpen) this.#report(before);
    }

    #showChosen() {
        if (!this.settings.isMultiple) {
            this.field.value = this.chosen[0]?.text.text ?? "";
            return;
        }
        if (!this.isOpen) this.field.value = "";
        this.chips.replaceChildren(...this.chosen.map((option) => this.#chip(option)));
        this.chips.hidden = this.chosen.length === 0;
    }

    /** @param {Json} option */
    #chip(option) {
        const remove = () => this.#take(this.chosen.filter((one) => one !== option));
        const label = t("remove", { name: option.text.text });
        return h(
            "li",
            {},
            option.text.text,
            h("button", { type: "button", "aria-label": label, onclick: remove }, "×"),
        );
    }

    /** @param {Json} option */
    #isChosen(option) {
        return this.chosen.some(({ value }) => value === option.value);
    }
}
