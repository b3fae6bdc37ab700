/** Looking for what is typed in a list of options. */

/** The options with the typed text in them, whatever the case and the accents. @param {import("./select.js").Group[]} groups @param {string} typed */
export function filtered(groups, typed) {
    const wanted = fold(typed);
    return groups
        .map(({ label, options }) => ({
            label,
            options: options.filter(({ text }) => fold(text.text).includes(wanted)),
        }))
        .filter(({ options }) => options.length > 0);
}

/** @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
