/** Light or dark: as the system has it, until the person says otherwise; that is remembered. */

const KEY = "playground-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

/** Whether the page is dark now. */
export function isDark() {
    const chosen = localStorage.getItem(KEY);
    return chosen ? chosen === "dark" : system.matches;
}

export function applyTheme() {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
}

export function toggleTheme() {
    localStorage.setItem(KEY, isDark() ? "light" : "dark");
    applyTheme();
}

/** Follows the system. @param {() => void} onChange */
export function followSystem(onChange) {
    system.addEventListener("change", () => {
        applyTheme();
        onChange();
    });
}
