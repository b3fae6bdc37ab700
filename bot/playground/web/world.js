/** The world outside: mail servers and customers that can be moved, broken and mended while one plays. */

import { h, newId, whileBusy } from "./dom.js";
import { reconcile } from "./keyed.js";
import { menuButton } from "./menu.js";
import { language, t } from "./texts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Customer} Customer */
/** @typedef {import("./types.js").Server} Server */

const DAMAGES = /** @type {const} */ (["expired", "none", "other_name"]);

/** @param {App} app @returns {import("./panel.js").Part} */
export function createWorld(app) {
    const { store } = app;
    const servers = h("ul", { class: "cards" });
    const customers = h("ul", { class: "cards" });
    const names = h("p", { class: "world-note" });
    const node = h(
        "div",
        { class: "panel-body" },
        h("p", { class: "lead" }, t("world_about")),
        h("h3", {}, t("servers")),
        servers,
        h("h3", {}, t("customers")),
        customers,
        names,
    );
    const draw = () => {
        const { world } = store;
        if (!world) return;
        const hosts = world.servers.map(({ host }) => host).join();
        reconcile(
            servers,
            world.servers.map((one) => ({
                key: one.host,
                version: [JSON.stringify(one)],
                build: () => serverCard(app, one),
            })),
        );
        reconcile(
            customers,
            world.customers.map((one) => ({
                key: one.domain,
                version: [JSON.stringify(one), hosts],
                build: () => customerCard(app, one),
            })),
        );
        names.textContent = t("name_server", { address: world.name_server });
    };
    return { node, draw };
}

/** @param {App} app @param {Server} server */
function serverCard(app, { host, address, is_running: isRunning }) {
    const label = t(isRunning ? "stop" : "start");
    const act = () => whileBusy(button, app.act(isRunning ? "stop_server" : "start_server", { server: host }));
    const button = h(
        "button",
        {
            type: "button",
            class: "button button-small",
            "aria-label": `${label} ${host}`,
            "data-testid": `power-${host}`,
            onclick: act,
        },
        label,
    );
    const state = h(
        "span",
        { class: `state ${isRunning ? "state-good" : "state-bad"}` },
        t(isRunning ? "running" : "stopped"),
    );
    return h(
        "li",
        { class: "card server", "data-host": host },
        h("div", { class: "card-head" }, h("h4", {}, host), state),
        h("div", { class: "card-foot" }, h("span", { class: "quiet" }, address), button),
    );
}

/** @param {App} app @param {Customer} customer */
function customerCard(app, customer) {
    const { domain, unicode, server, certificate, exchange, about } = customer;
    const id = newId("customer");
    const rows = [
        [t("server"), h("code", {}, server)],
        [
            t("certificate"),
            h(
                "span",
                { class: `state ${certificate === "good" ? "state-good" : "state-bad"}` },
                t(`certificate_${certificate}`),
            ),
        ],
        ...(exchange ? [[t("exchange"), h("code", {}, exchange)]] : []),
    ];
    return h(
        "li",
        { class: "card customer", "data-domain": domain, "aria-labelledby": id },
        h("h4", { id }, unicode),
        unicode === domain ? null : h("p", { class: "quiet small" }, domain),
        h("p", { class: "quiet" }, about[language()]),
        h("dl", {}, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
        h("div", { class: "card-actions" }, ...customerActions(app, customer)),
    );
}

/** @param {App} app @param {Customer} customer @returns {(HTMLElement | null)[]} */
function customerActions(app, { domain, unicode, server, certificate }) {
    const button = (/** @type {string} */ label) =>
        h("button", { type: "button", class: "button button-small", "aria-label": `${label} (${unicode})` }, label);
    const mover = button(t("move"));
    const breaker = button(t("break"));
    const mender = button(t("mend"));
    mender.addEventListener("click", () => whileBusy(mender, app.act("mend_certificate", { domain })));
    const servers = () =>
        (app.store.world?.servers ?? []).map(({ host }) => ({
            label: host,
            isOff: host === server,
            isMarked: host === server,
            act: () => whileBusy(mover, app.act("move", { domain, server: host })),
        }));
    const damages = () =>
        DAMAGES.map((how) => ({
            label: t(`certificate_${how}`),
            isOff: how === certificate,
            isMarked: how === certificate,
            act: () => whileBusy(breaker, app.act("break_certificate", { domain, how })),
        }));
    const ask = button(t("ask"));
    ask.addEventListener("click", () => askAbout(app, domain));
    const parts = [menuButton(mover, t("move_to"), servers), menuButton(breaker, t("break"), damages)];
    return [...parts, certificate === "good" ? null : mender, app.store.commands.length ? ask : null];
}

/** Begins a command about a customer. @param {App} app @param {string} domain */
function askAbout(app, domain) {
    app.makeRoom();
    app.compose(`${app.store.commands[0].command} ${domain} `);
}
