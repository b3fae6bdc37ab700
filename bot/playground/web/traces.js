/** Which action made a message. */

/** @typedef {import("./types.js").Trace} Trace */
/** @typedef {import("./types.js").Message} Message */

/** @param {import("./store.js").Store} store @returns {Trace[]} newest first */
export function newestFirst({ traces }) {
    return [...traces.values()].sort((one, other) => other.at - one.at);
}

/**
 * The action that a message came of: the newest one that carried these blocks, or this text; else the last one before.
 *
 * @param {import("./store.js").Store} store
 * @param {Message} message
 * @returns {Trace | undefined}
 */
export function traceOf(store, message) {
    const traces = newestFirst(store);
    const content = JSON.stringify(message.blocks.length ? message.blocks : message.text);
    const carried = traces.find(({ acknowledgement, steps }) =>
        JSON.stringify([acknowledgement, steps]).includes(content),
    );
    return carried ?? traces.find(({ at, channel }) => channel === message.channel && at <= Number(message.ts) + 1);
}
