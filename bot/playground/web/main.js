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

const store = new Store(() => {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(draw);
});
const connection = new Connection(
  `${scheme}://${location.host}/ws`,
  (message) => store.take(message),
  (isConnected) => store.set({ isConnected }),
);
const app = new App(store, connection);

/** Brings the page in line with the store; several changes are drawn at once. */
function draw() {
  isDue = false;
  if (!store.isReady) return;
  if (shell?.me !== store.me) {
    setLanguage(store.person.language);
    shell = { me: store.me, draw: mountShell(app, root) };
  }
  shell.draw();
}

if (window.matchMedia("(min-width: 70rem)").matches) store.panel = "tries";
applyTheme();
followSystem(() => store.set({}));
mountVoices();
copyOnClick();
connection.open();
