/** Starts the page: one store, one connection, and the shell, drawn anew whenever somebody else sits down. */

import { App } from "./app.js";
import { Connection } from "./connection.js";
import { copyOnClick } from "./copy.js";
import { mountShell } from "./shell.js";
import { Store } from "./store.js";
import { setLanguage } from "./texts.js";
import { applyTheme, followSystem } from "./theme.js";
import { mountVoices } from "./toast.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const scheme = location.protocol === "https:" ? "wss" : "ws";

let isDue = false;
/** @type {{me: string, draw: () => void} | null} */
let shell = null;

// What the person does shows at once; of what the server says, all that comes within a frame is drawn together.
const store = new Store((isOwn) => {
    if (isOwn) queueMicrotask(draw);
    else if (!isDue) requestAnimationFrame(draw);
    isDue = true;
});
const connection = new Connection(
    `${scheme}://${location.host}/ws`,
    (message) => store.take(message),
    (isConnected) => store.set({ isConnected }),
);
const app = new App(store, connection);

/** Brings the page in line with the store. */
function draw() {
    const wasDue = isDue;
    isDue = false;
    if (!wasDue || !store.isReady) return;
    if (shell?.me !== store.me) {
        setLanguage(store.person.language);
        shell = { me: store.me, draw: mountShell(app, root) };
    }
    shell.draw();
}

if (window.matchMedia("(min-width: 80rem)").matches) store.panel = "tries";
applyTheme();
followSystem(() => store.set({}));
mountVoices();
copyOnClick();
connection.open();
