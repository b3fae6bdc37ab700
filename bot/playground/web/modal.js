/** Modals: a stack of views in one dialog; the browser keeps the keyboard inside it. */

import { h, isBusy, newId, whileBusy } from "./dom.js";
import { RequestFailed } from "./connection.js";
import { problemsOf } from "./forms.js";
import { icon } from "./icons.js";
import { renderBlocks } from "./render/blocks.js";
import { Surface } from "./surface.js";
import { t } from "./texts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").View} View */

/** @param {App} app @returns {() => void} draws the person's topmost modal, or none */
export function createModals(app) {
    /** @type {Modal | null} */
    let shown = null;
    document.querySelector("dialog[data-testid=modal]")?.remove();
    return () => {
        const top = app.store.modals.at(-1);
        if (!top) {
            shown?.remove();
            shown = null;
            return;
        }
        shown ??= new Modal(app);
        shown.draw(top);
    };
}

class Modal {
    /** @param {App} app */
    constructor(app) {
        this.app = app;
        this.opener = document.activeElement;
        /** @type {View | null} */
        this.view = null;
        this.isLeaving = false;
        const oncancel = (/** @type {Event} */ event) => {
            event.preventDefault();
            this.close();
        };
        // Browsers close a dialog at a second Escape whatever the page says.
        const onclose = () => this.isLeaving || this.close();
        this.dialog = h("dialog", { class: "dialog modal", "data-testid": "modal", oncancel, onclose });
        document.body.append(this.dialog);
    }

    /** @param {View} view */
    draw(view) {
        const isSame = view.id === this.view?.id;
        if (isSame && view.hash === this.view?.hash) return;
        const held = isSame ? this.#held() : null;
        const top = isSame ? (this.dialog.querySelector(".dialog-body")?.scrollTop ?? 0) : 0;
        this.view = view;
        this.#build(view);
        if (!this.dialog.open) this.dialog.showModal();
        if (!isSame) return;
        /** @type {HTMLElement} */ (this.dialog.querySelector(".dialog-body")).scrollTop = top;
        const control = held ? this.dialog.querySelector(`[data-action-id="${CSS.escape(held)}"]`) : null;
        focusIn(/** @type {HTMLElement} */ (control ?? this.dialog.querySelector("h2")));
    }

    /** The control that the keyboard is at. */
    #held() {
        return document.activeElement?.closest("[data-action-id]")?.getAttribute("data-action-id");
    }

    /** @param {View} view */
    #build(view) {
        const { title, submit, close, blocks } = view.content;
        const id = newId("modal");
        this.alert = h("p", { class: "failure", role: "alert" });
        this.surface = new Surface(this.app, { view: view.id }, blocks, (sentence) => this.#fail(sentence), view.id);
        const goBack = view.previous_view_id
            ? h(
                  "button",
                  { type: "button", class: "tool", "aria-label": t("back"), onclick: () => this.close() },
                  icon("back"),
              )
            : null;
        this.sender = submit
            ? h(
                  "button",
                  { type: "submit", class: "button button-primary", disabled: view.content.submit_disabled === true },
                  submit.text,
              )
            : null;
        const send = (/** @type {Event} */ event) => {
            event.preventDefault();
            this.submit();
        };
        this.dialog.setAttribute("aria-labelledby", id);
        this.dialog.replaceChildren(
            h(
                "form",
                { class: "modal-form", novalidate: true, onsubmit: send },
                h(
                    "header",
                    { class: "modal-header" },
                    goBack,
                    h("h2", { id, tabIndex: -1 }, title.text),
                    h(
                        "button",
                        { type: "button", class: "tool", "aria-label": t("close"), onclick: () => this.close() },
                        icon("close"),
                    ),
                ),
                h("div", { class: "dialog-body" }, this.alert, ...renderBlocks(blocks, this.surface)),
                h(
                    "footer",
                    { class: "dialog-buttons" },
                    h(
                        "button",
                        { type: "button", class: "button", onclick: () => this.close() },
                        close?.text ?? t("cancel"),
                    ),
                    this.sender,
                ),
            ),
        );
    }

    /** Closes the topmost view; with `clear_on_close` all of them. */
    close() {
        const { modals } = this.app.store;
        const closing = this.view?.content.clear_on_close ? modals.toReversed() : modals.slice(-1);
        for (const { id } of closing) this.app.act("close_view", { view: id });
    }

    async submit() {
        if (!this.sender || !this.surface || !this.view || isBusy(this.sender)) return;
        const missing = problemsOf(this.surface);
        this.#showErrors(missing);
        if (missing.size) return;
        try {
            const request = this.app.request("submit", { view: this.view.id, values: this.surface.values() });
            const { errors, error, status } = await whileBusy(this.sender, request);
            if (errors) this.#showErrors(new Map(Object.entries(errors)));
            else if (error || (status !== undefined && status !== 200))
                this.#fail(t("trouble", { error: error || `HTTP ${status}` }));
        } catch (error) {
            if (!(error instanceof RequestFailed)) throw error;
            this.#fail(error.message === "offline" ? t("offline") : error.message);
        }
    }

    /** @param {string} sentence */
    #fail(sentence) {
        if (this.alert) this.alert.textContent = sentence;
    }

    /** Puts each error at its field, and the keyboard at the first. @param {Map<string, string>} errors by block */
    #showErrors(errors) {
        this.#fail("");
        let first = null;
        for (const block of this.dialog.querySelectorAll(".input-block")) {
            const text = errors.get(/** @type {HTMLElement} */ (block).dataset.blockId ?? "");
            const place = /** @type {HTMLElement} */ (block.querySelector(".field-error"));
            const control = /** @type {HTMLElement} */ (block.querySelector("[data-action-id]"));
            place.textContent = text ?? "";
            place.hidden = text === undefined;
            if (text === undefined) control?.removeAttribute("aria-invalid");
            else control?.setAttribute("aria-invalid", "true");
            if (text !== undefined) first ??= control;
        }
        if (first) focusIn(first);
    }

    remove() {
        this.isLeaving = true;
        this.dialog.close();
        this.dialog.remove();
        if (this.opener?.isConnected) /** @type {HTMLElement} */ (this.opener).focus();
    }
}

/** Puts the keyboard at a control, or at the first box of a group of them. @param {HTMLElement} control */
function focusIn(control) {
    const box = control.matches(".boxes")
        ? (control.querySelector("input:checked") ?? control.querySelector("input"))
        : control;
    /** @type {HTMLElement} */ (box).focus();
}
