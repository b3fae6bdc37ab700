/** A thread: the message it hangs from, the replies, a composer of its own. */

import { createComposer } from "./composer.js";
import { h } from "./dom.js";
import { MessageList } from "./messages.js";
import { keyOf } from "./store.js";
import { t } from "./texts.js";

/** @param {import("./app.js").App} app @returns {import("./panel.js").Part} */
export function createThread(app) {
    const { store } = app;
    const { channel } = store;
    const root = store.thread ?? "";
    const list = new MessageList(app, channel, { testId: "thread-messages", label: t("panel_thread"), isThread: true });
    const composer = createComposer(app, channel, root);
    const draw = () => {
        const first = store.messages.get(keyOf({ channel, ts: root }));
        list.draw([...(first ? [first] : []), ...store.replies(channel, root)]);
    };
    requestAnimationFrame(() => composer.fill(store.drafts.get(`${store.me}/${channel}/${root}`) ?? ""));
    return { node: h("div", { class: "fill" }, list.node, composer.node), draw };
}
