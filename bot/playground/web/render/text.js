/** Slack's text objects. */

import { renderMrkdwn } from "./mrkdwn.js";

/**
 * Plain text as it is, or Slack's markup.
 *
 * @param {import("../types.js").Json} text
 * @param {import("../store.js").Store} store
 * @returns {Node[]}
 */
export function renderText(text, store) {
    if (text.type === "mrkdwn") return renderMrkdwn(text.text, store, { verbatim: text.verbatim });
    return [document.createTextNode(text.text)];
}
