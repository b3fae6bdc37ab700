/** The bar above everything: whose page this is, the panels, breaches, light and dark. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";
import { isDark, toggleTheme } from "./theme.js";

/** @param {import("./app.js").App} app @returns {import("./shell.js").Part} */
export function createTopBar(app) {
    const { store } = app;
    const burger = h(
        "button",
        {
            type: "button",
            class: "bar-button burger",
            "aria-label": t("side_bar"),
            "data-testid": "toggle-sidebar",
            onclick: () => app.openSidebar(),
        },
        icon("menu"),
    );
    const brand = h(
        "div",
        { class: "brand" },
        h("img", { src: "/static/mark.svg", alt: "", class: "brand-mark" }),
        h("span", {}, "mailbot ", h("b", {}, "playground")),
    );
    const mode = h("span", { class: "mode", title: t("mode_about") }, store.mode === "socket" ? "Socket Mode" : "HTTP");
    const panels = /** @type {const} */ ([
        ["tries", "bulb"],
        ["world", "server"],
        ["trace", "scope"],
    ]).map(([panel, sign]) => ({
        panel,
        button: h(
            "button",
            {
                type: "button",
                class: "bar-button",
                "data-testid": `toggle-${panel}`,
                "aria-controls": "panel",
                onclick: () => app.toggle(panel),
                title: t(`panel_${panel}`),
            },
            icon(sign),
            h("span", { class: "bar-label" }, t(`panel_${panel}`)),
        ),
    }));
    const breaches = h("button", {
        type: "button",
        "data-testid": "breaches",
        onclick: () => store.set({ panel: "trace" }),
    });
    const theme = h("button", {
        type: "button",
        class: "bar-button",
        "data-testid": "theme",
        onclick: () => {
            toggleTheme();
            draw();
        },
    });
    const lost = h("div", { class: "lost", role: "alert" });

    const draw = () => {
        for (const { panel, button } of panels) button.setAttribute("aria-expanded", String(store.panel === panel));
        drawBreaches(breaches, app.breaches.length);
        theme.setAttribute("aria-label", t(isDark() ? "to_light" : "to_dark"));
        theme.replaceChildren(icon(isDark() ? "sun" : "moon"));
        lost.textContent = store.isConnected ? "" : t("lost");
    };
    const bar = h(
        "div",
        { class: "bar" },
        burger,
        brand,
        mode,
        h("span", { class: "bar-space" }),
        breaches,
        ...panels.map(({ button }) => button),
        theme,
    );
    return { node: h("header", { class: "top" }, bar, lost), draw };
}

/** @param {HTMLElement} button @param {number} count */
function drawBreaches(button, count) {
    if (button.dataset.count === String(count)) return;
    button.dataset.count = String(count);
    button.className = `bar-button breaches${count ? " breaches-some" : ""}`;
    button.title = t("breaches_about");
    button.replaceChildren(
        icon(count ? "alarm" : "check"),
        h("span", { class: count ? "" : "bar-label" }, t("breaches", { count })),
    );
}
