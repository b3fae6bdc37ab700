/** Block Kit's elements: one function for each kind. What is not here is refused. */

import { h, isBusy, newId } from "../dom.js";
import { menuButton } from "../menu.js";
import { Select } from "../select.js";
import { t } from "../texts.js";
import { icon } from "../icons.js";
import { refusal } from "./parts.js";
import { renderText } from "./text.js";

/** @typedef {import("../types.js").Json} Json */
/** @typedef {import("../surface.js").Field} Field */

/** @param {Json} element @param {Field} field @returns {HTMLElement} */
export function renderElement(element, field) {
    const draw = ELEMENTS[element.type];
    return draw ? draw(element, field) : refusal(field.app, element.type);
}

/** @type {Record<string, (element: Json, field: Field) => HTMLElement>} */
const ELEMENTS = {
    button,
    overflow,
    static_select: (element, field) => optionSelect(field, staticSource(element)),
    multi_static_select: (element, field) => optionSelect(field, staticSource(element)),
    external_select: (element, field) => optionSelect(field, remoteSource(element, field)),
    multi_external_select: (element, field) => optionSelect(field, remoteSource(element, field)),
    users_select: (_, field) => idSelect(field, users(field)),
    multi_users_select: (_, field) => idSelect(field, users(field)),
    channels_select: (_, field) => idSelect(field, channels(field)),
    multi_channels_select: (_, field) => idSelect(field, channels(field)),
    conversations_select: (_, field) => idSelect(field, [...channels(field), ...users(field)]),
    multi_conversations_select: (_, field) => idSelect(field, [...channels(field), ...users(field)]),
    radio_buttons: (_, field) => boxes(field, "radio"),
    checkboxes: (_, field) => boxes(field, "checkbox"),
    datepicker: (_, field) => picker(field, "date"),
    timepicker: (_, field) => picker(field, "time"),
    datetimepicker: (_, field) => momentPicker(field),
    plain_text_input: (element, field) => textInput(field, { maxlength: element.max_length ?? 3000 }),
    email_text_input: (_, field) => textInput(field, { type: "email", inputmode: "email" }),
    url_text_input: (_, field) => textInput(field, { type: "url", inputmode: "url" }),
    number_input: (element, field) =>
        textInput(field, { inputmode: element.is_decimal_allowed ? "decimal" : "numeric" }),
};

/** @param {Json} element @param {Field} field */
function button(element, field) {
    const style = element.style ? ` button-${element.style}` : "";
    const press = () => {
        if (isBusy(node)) return;
        if (element.url && /^https?:/.test(element.url)) window.open(element.url, "_blank", "noreferrer");
        field.choose(null, node);
    };
    const label = { "aria-label": element.accessibility_label, "data-action-id": element.action_id };
    const outward = element.url ? h("span", { class: "outward", "aria-hidden": "true" }, "↗") : null;
    const node = h(
        "button",
        { type: "button", class: `button${style}`, ...label, onclick: press },
        element.text.text,
        outward,
    );
    return node;
}

/** @param {Json} element @param {Field} field */
function overflow(element, field) {
    const name = t("element_overflow");
    const opener = h(
        "button",
        { type: "button", class: "button button-icon", "aria-label": name, "data-action-id": element.action_id },
        icon("more"),
    );
    const choices = () =>
        element.options.map((/** @type {Json} */ option) => ({
            label: option.text.text,
            description: option.description?.text,
            act: () => {
                if (option.url && /^https?:/.test(option.url)) window.open(option.url, "_blank", "noreferrer");
                field.choose(option, opener);
            },
        }));
    return menuButton(opener, name, choices);
}

/** @param {Json} element @returns {import("../select.js").Source} */
function staticSource(element) {
    const groups = groupsOf(element);
    return { isRemote: false, least: 0, find: () => Promise.resolve(groups) };
}

/** @param {Json} element @param {Field} field @returns {import("../select.js").Source} */
function remoteSource(element, field) {
    const find = async (/** @type {string} */ typed) =>
        groupsOf(await field.surface.suggest(field.blockId, element, typed));
    return { isRemote: true, least: element.min_query_length ?? 3, find };
}

/** @param {Json} answer options, or groups of them @returns {import("../select.js").Group[]} */
function groupsOf({ options, option_groups }) {
    const groups = (option_groups ?? []).map((/** @type {Json} */ one) => ({
        label: one.label.text,
        options: one.options,
    }));
    return options?.length ? [{ label: null, options }, ...groups] : groups;
}

/** A menu whose choices are whole options. @param {Field} field @param {import("../select.js").Source} source */
function optionSelect(field, source) {
    const isMultiple = field.element.type.startsWith("multi_");
    return select(field, source, isMultiple ? (field.value ?? []) : listOf(field.value), (chosen) =>
        isMultiple ? chosen : chosen[0],
    );
}

/** A menu whose choices are ids. @param {Field} field @param {Json[]} options */
function idSelect(field, options) {
    const isMultiple = field.element.type.startsWith("multi_");
    const ids = isMultiple ? (field.value ?? []) : listOf(field.value);
    const source = { isRemote: false, least: 0, find: () => Promise.resolve([{ label: null, options }]) };
    const chosen = options.filter(({ value }) => ids.includes(value));
    return select(field, source, chosen, (now) => (isMultiple ? now.map(({ value }) => value) : now[0].value));
}

/** @param {Field} field @param {import("../select.js").Source} source @param {Json[]} chosen @param {(chosen: Json[]) => any} valueOf */
function select(field, source, chosen, valueOf) {
    const { attributes, element } = field;
    return new Select({
        attributes,
        placeholder: element.placeholder?.text ?? t("choose"),
        source,
        chosen,
        isMultiple: element.type.startsWith("multi_"),
        most: element.max_selected_items,
        onChoose: (now, control) => field.choose(valueOf(now), control),
    }).node;
}

/** @param {any} value */
const listOf = (value) => (value === null ? [] : [value]);

/** @param {string} label @param {string} value */
const option = (label, value) => ({ text: { type: "plain_text", text: label }, value });

/** @param {Field} field */
function users({ app: { store } }) {
    return Object.entries(store.users).map(([id, user]) => option(user.real_name || user.name, id));
}

/** @param {Field} field */
function channels({ app: { store } }) {
    return store.channels.filter(({ kind }) => kind === "channel").map(({ id, name }) => option(`#${name}`, id));
}

/** Radio buttons and check boxes. @param {Field} field @param {"radio" | "checkbox"} type */
function boxes(field, type) {
    const { element } = field;
    const isRadio = type === "radio";
    const name = newId("boxes");
    const chosen = () => [field.value ?? []].flat();
    const { "aria-required": required, autofocus, "data-action-id": actionId, ...named } = field.attributes;
    const toggle = (/** @type {Json} */ option, /** @type {HTMLInputElement} */ box) => {
        const others = chosen().filter((/** @type {Json} */ one) => one.value !== option.value);
        return field.choose(isRadio ? option : box.checked ? [...others, option] : others, group);
    };
    const isChosen = (/** @type {string} */ value) => chosen().some((/** @type {Json} */ one) => one.value === value);
    const restore = () => group.querySelectorAll("input").forEach((box) => (box.checked = isChosen(box.value)));
    const rows = element.options.map((/** @type {Json} */ option) => {
        const checked = isChosen(option.value);
        const onchange = async () => (await toggle(option, box)) || restore();
        const box = h("input", { type, name, value: option.value, checked, onchange });
        const note = option.description
            ? h("span", { class: "box-note" }, ...renderText(option.description, field.app.store))
            : null;
        return h("label", { class: "box" }, box, h("span", {}, ...renderText(option.text, field.app.store), note));
    });
    const role = isRadio ? { role: "radiogroup", "aria-required": required } : { role: "group" };
    const group = h("div", { class: "boxes", ...role, ...named, "data-action-id": actionId }, ...rows);
    return group;
}

/** @param {Field} field @param {"date" | "time"} type */
function picker(field, type) {
    const change = () => field.choose(node.value || null, node);
    const node = h("input", {
        ...field.attributes,
        type,
        class: "text-field picker",
        value: field.value ?? "",
        onchange: change,
    });
    return node;
}

/** Slack counts seconds, the browser's field shows the reader's own time. @param {Field} field */
function momentPicker(field) {
    const shift = new Date().getTimezoneOffset() * 60;
    const shown = field.value ? new Date((field.value - shift) * 1000).toISOString().slice(0, 16) : "";
    const change = () => field.choose(node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null, node);
    const node = h("input", {
        ...field.attributes,
        type: "datetime-local",
        class: "text-field picker",
        value: shown,
        onchange: change,
    });
    return node;
}

/** @param {Field} field @param {Record<string, any>} more attributes of the kind */
function textInput(field, more) {
    const { element } = field;
    const actsOn = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const oninput = () => {
        field.enter(node.value || null);
        if (field.sendsChoices && actsOn.includes("on_character_entered")) soon(() => field.send(node.value, node));
    };
    const onkeydown = (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || element.multiline || !field.sendsChoices) return;
        event.preventDefault();
        if (actsOn.includes("on_enter_pressed")) field.send(node.value || null, node);
    };
    const common = {
        ...field.attributes,
        class: "text-field",
        placeholder: element.placeholder?.text,
        oninput,
        onkeydown,
    };
    const node = element.multiline
        ? h("textarea", { ...common, rows: 4, maxlength: more.maxlength, value: field.value ?? "" })
        : h("input", { type: "text", ...common, ...more, autocomplete: "off", value: field.value ?? "" });
    return node;
}

let timer = 0;

/** Waits for a pause in the typing. @param {() => void} act */
function soon(act) {
    clearTimeout(timer);
    timer = window.setTimeout(act, 300);
}
