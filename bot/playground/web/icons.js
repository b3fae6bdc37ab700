/** The page's own signs: strokes on a grid of 20. */

const PATHS = {
    menu: "M3 5.5h14M3 10h14M3 14.5h14",
    hash: "M8 3.5l-2 13M14 3.5l-2 13M4 7.5h13M3 12.5h13",
    plus: "M10 4v12M4 10h12",
    send: "M3.5 4l13.5 6-13.5 6 2.4-6zM6 10h6",
    reply: "M4 4.5h12v8.5H9.5L6 16v-3H4z",
    more: "M5 10h.01M10 10h.01M15 10h.01",
    close: "M5 5l10 10M15 5L5 15",
    back: "M12 4l-6 6 6 6",
    eye: "M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5zM10 8.2a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6z",
    bulb: "M7.5 14.5h5M8 17h4M10 3a5 5 0 00-3 9c.5.5.7 1.2.7 2.5h4.6c0-1.3.2-2 .7-2.5a5 5 0 00-3-9z",
    server: "M3.5 4h13v5h-13zM3.5 11h13v5h-13zM6.5 6.5h.01M6.5 13.5h.01",
    scope: "M3 16l4-6 3 3 6-9M12.5 4H16v3.5",
    sun: "M10 6.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1 1M14.7 14.7l1 1M4.3 15.7l1-1M14.7 5.3l1-1",
    moon: "M16 12.5A6.8 6.8 0 017.5 4 6.8 6.8 0 1016 12.5z",
    copy: "M7 7V3.5h9.5V13H13M3.5 7H13v9.5H3.5z",
    check: "M4 10.5l4 4 8-9",
    alarm: "M10 3l8 14H2zM10 8v4M10 14.5h.01",
};

/** @param {keyof typeof PATHS} name @returns {SVGElement} a picture without a name: its button has one */
export function icon(name) {
    const make = (/** @type {string} */ tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
    const picture = make("svg");
    const path = make("path");
    for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" })) {
        picture.setAttribute(key, value);
    }
    path.setAttribute("d", PATHS[name]);
    picture.append(path);
    return /** @type {SVGElement} */ (picture);
}
