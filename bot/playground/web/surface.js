/** Where blocks stand: a message, a modal, the Home tab. Keeps what is entered, and sends presses. */

import { whileBusy } from "./dom.js";
import { askToConfirm } from "./confirm.js";
import { t } from "./texts.js";

/** @typedef {import("./types.js").Json} Json */
/** What is entered: a text, a date, an id, an option, or a list of these. @typedef {any} Entered */

const INITIAL = [
    "initial_option",
    "initial_options",
    "initial_value",
    "initial_user",
    "initial_users",
    "initial_channel",
    "initial_channels",
    "initial_conversation",
    "initial_conversations",
    "initial_date",
    "initial_time",
    "initial_date_time",
];

export class Surface {
    /**
     * @param {import("./app.js").App} app
     * @param {import("./types.js").Place} place
     * @param {Json[]} blocks
     * @param {(sentence: string) => void} onFailure shows what went wrong where the person looks
     * @param {string} name what its entries are remembered by
     */
    constructor(app, place, blocks, onFailure, name) {
        this.app = app;
        this.place = place;
        this.blocks = blocks;
        this.onFailure = onFailure;
        const memory = app.memoryOf(name);
        this.entries = memory.entries;
        if (memory.blocks !== blocks) this.#forgetUnnamed();
        memory.blocks = blocks;
    }

    /** As in Slack, an entry lives as long as its block_id; after a change, a block without one is another block. */
    #forgetUnnamed() {
        const named = new Set(this.blocks.map(({ block_id }) => block_id).filter(Boolean));
        for (const [key, { blockId }] of this.entries) if (!named.has(blockId)) this.entries.delete(key);
    }

    /** @param {string} blockId @param {Json} element @returns {Entered} */
    valueOf(blockId, element) {
        const entry = this.entries.get(`${blockId}/${element.action_id}`);
        return entry ? entry.value : initialOf(element, this.app.store.channel);
    }

    /** @param {string} blockId @param {Json} element @param {Entered} value */
    enter(blockId, element, value) {
        this.entries.set(`${blockId}/${element.action_id}`, { blockId, value });
    }

    /** All that is entered in the whole view, by action id. @returns {Record<string, Entered>} */
    values() {
        /** @type {Record<string, Entered>} */
        const values = {};
        this.blocks.forEach((block, index) => {
            for (const element of [block.element, block.accessory, ...(block.elements ?? [])]) {
                if (!element?.action_id || ["button", "overflow"].includes(element.type)) continue;
                values[element.action_id] = this.valueOf(block.block_id ?? `b${index}`, element);
            }
        });
        return values;
    }

    /** Sends a press. @param {string} blockId @param {Json} element @param {Entered} chosen */
    async press(blockId, element, chosen) {
        const entered = "view" in this.place ? { values: this.values() } : {};
        const where = { in: this.place, block_id: blockId, action_id: element.action_id };
        const failure = await this.app.send("press", { ...where, chosen, ...entered });
        if (failure) this.onFailure(failure);
    }

    /** @param {string} blockId @param {Json} element @param {string} typed @returns {Promise<Json>} */
    suggest(blockId, element, typed) {
        return this.app.request("suggest", { in: this.place, block_id: blockId, action_id: element.action_id, typed });
    }
}

/** @param {Json} element @param {string} channel @returns {Entered} */
function initialOf(element, channel) {
    const name = INITIAL.find((one) => element[one] !== undefined);
    if (name) return element[name];
    if (element.default_to_current_conversation) return element.type.startsWith("multi_") ? [channel] : channel;
    return null;
}

/** One element in its block: its value, its name for screen readers, and what a choice in it does. */
export class Field {
    /**
     * @param {Surface} surface
     * @param {Json} block
     * @param {string} blockId
     * @param {Json} element
     * @param {{labelId?: string, describedBy?: string}} [around] the label and the hints of an input block
     */
    constructor(surface, block, blockId, element, { labelId, describedBy } = {}) {
        this.surface = surface;
        this.blockId = blockId;
        this.element = element;
        this.labelId = labelId;
        this.describedBy = describedBy;
        this.sendsChoices = block.type !== "input" || block.dispatch_action === true;
        this.isRequired = block.type === "input" && !block.optional;
    }

    get app() {
        return this.surface.app;
    }

    /** @returns {Entered} */
    get value() {
        return this.surface.valueOf(this.blockId, this.element);
    }

    /** What names and describes the control. @returns {Record<string, any>} */
    get attributes() {
        const name = this.labelId
            ? {
                  "aria-labelledby": this.labelId,
                  "aria-describedby": this.describedBy,
                  "aria-required": this.isRequired ? "true" : null,
              }
            : { "aria-label": this.element.placeholder?.text ?? t(`element_${this.element.type}`) };
        return { ...name, "data-action-id": this.element.action_id, autofocus: this.element.focus_on_load };
    }

    /** Remembers what is entered. @param {Entered} value */
    enter(value) {
        this.surface.enter(this.blockId, this.element, value);
    }

    /**
     * A choice was made: remembers it, and sends it where Slack would. False when the person thought better of it.
     *
     * @param {Entered} value
     * @param {HTMLElement} control is busy until the bot answered
     * @returns {Promise<boolean>}
     */
    async choose(value, control) {
        const { confirm } = this.element;
        if (confirm && this.sendsChoices && !(await askToConfirm(confirm, this.app.store))) return false;
        this.enter(value);
        if (this.sendsChoices) await this.send(value, control);
        return true;
    }

    /** @param {Entered} value @param {HTMLElement} control */
    send(value, control) {
        return whileBusy(control, this.surface.press(this.blockId, this.element, value));
    }
}
