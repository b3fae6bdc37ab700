/** What the page knows: the server's state, and what the person at the screen is looking at. */

/** @typedef {"tries" | "world" | "trace" | "thread" | null} Panel */

export class Store {
    /** @param {(isOwn: boolean) => void} onChange called after every change, the person's own or the server's */
    constructor(onChange) {
        this.onChange = onChange;
        /** What the server said. */
        this.isReady = false;
        this.isConnected = false;
        /** @type {import("./types.js").Person[]} */
        this.people = [];
        /** @type {Record<string, import("./types.js").User>} */
        this.users = {};
        this.app = { user_id: "", name: "", description: "" };
        /** @type {import("./types.js").Channel[]} */
        this.channels = [];
        /** @type {import("./types.js").Command[]} */
        this.commands = [];
        /** @type {import("./types.js").Shortcut[]} */
        this.shortcuts = [];
        this.mode = "http";
        /** @type {import("./types.js").World | null} */
        this.world = null;
        /** @type {import("./types.js").Try[]} */
        this.tries = [];
        /** @type {Map<string, import("./types.js").Message>} by channel and ts */
        this.messages = new Map();
        /** @type {Map<string, import("./types.js").View>} */
        this.views = new Map();
        /** @type {Map<string, import("./types.js").View>} by user */
        this.homes = new Map();
        /** @type {import("./types.js").Breach[]} */
        this.breaches = [];
        /** @type {Map<string, import("./types.js").Trace>} */
        this.traces = new Map();

        /** What the person looks at. */
        this.me = "";
        this.channel = "";
        /** @type {Map<string, "home" | "messages" | "about">} the app's tab, by person */
        this.tabs = new Map();
        /** @type {string | null} the ts of the thread that is open */
        this.thread = null;
        /** @type {Panel} */
        this.panel = null;
        /** @type {string | null} */
        this.trace = null;
        /** @type {Map<string, string>} what was begun to be typed, by person, channel and thread */
        this.drafts = new Map();
        /** @type {Map<string, string[]>} what was sent, by person, newest last */
        this.sent = new Map();
        /** @type {Map<string, string>} the last ts that was seen, by person and channel */
        this.seen = new Map();
        /** @type {Map<string, string[]>} channel's messages in order, kept until one changes */
        this.order = new Map();
    }

    /** Takes one message of the server. @param {any} message */
    take(message) {
        const change = TAKE[message.type];
        if (!change) return;
        change(this, message);
        this.onChange(false);
    }

    /** Changes what is looked at. @param {Partial<Store>} changes */
    set(changes) {
        Object.assign(this, changes);
        this.onChange(true);
    }

    get person() {
        return this.people.find(({ id }) => id === this.me) ?? this.people[0];
    }

    /** The person's own conversation with the app. */
    get im() {
        return this.channels.find(({ kind, person }) => kind === "im" && person === this.me);
    }

    get place() {
        return this.channels.find(({ id }) => id === this.channel) ?? this.channels[0];
    }

    get tab() {
        return this.tabs.get(this.me) ?? "home";
    }

    /** The modals that the person has open, bottom first. */
    get modals() {
        return [...this.views.values()].filter(({ user, type }) => user === this.me && type === "modal");
    }

    /** Whether the channel's messages are what is on the screen. */
    get isReading() {
        return this.place?.kind === "channel" || this.tab === "messages";
    }

    /**
     * The messages of a channel that the person sees, in order.
     * @param {string} channel @returns {import("./types.js").Message[]}
     */
    messagesIn(channel) {
        const keys = this.order.get(channel) ?? this.#sorted(channel);
        const all = keys.map((key) => /** @type {import("./types.js").Message} */ (this.messages.get(key)));
        return all.filter(({ only_for }) => only_for === null || only_for === this.me);
    }

    /** What stands in the channel itself. @param {string} channel */
    topLevel(channel) {
        const replied = new Set(this.messagesIn(channel).map(({ thread_ts }) => thread_ts));
        return this.messagesIn(channel).filter(
            ({ ts, thread_ts, deleted }) => (!thread_ts || thread_ts === ts) && (!deleted || replied.has(ts)),
        );
    }

    /** The replies of a thread. @param {string} channel @param {string} root */
    replies(channel, root) {
        return this.messagesIn(channel).filter(
            ({ ts, thread_ts, deleted }) => thread_ts === root && ts !== root && !deleted,
        );
    }

    /** How many messages of a channel the person has not seen. @param {string} channel */
    unread(channel) {
        const seen = this.seen.get(`${this.me}/${channel}`) ?? "";
        return this.topLevel(channel).filter(
            ({ ts, user, deleted }) => compareTs(ts, seen) > 0 && user !== this.me && !deleted,
        ).length;
    }

    /** Notes that the person has seen all of a channel. @param {string} channel @param {string} [person] */
    see(channel, person = this.me) {
        const last = (this.order.get(channel) ?? this.#sorted(channel)).at(-1);
        if (last) this.seen.set(`${person}/${channel}`, last.slice(channel.length + 1));
    }

    /** A name to show. @param {string} id */
    nameOf(id) {
        const user = this.users[id];
        return user ? user.real_name || user.name : id;
    }

    /** @param {string} channel */
    #sorted(channel) {
        const own = [...this.messages.values()].filter((message) => message.channel === channel);
        const keys = own.sort((one, other) => compareTs(one.ts, other.ts)).map(keyOf);
        this.order.set(channel, keys);
        return keys;
    }
}

/** @param {{channel: string, ts: string}} message */
export const keyOf = ({ channel, ts }) => `${channel}/${ts}`;

/** Older first. @param {string} one @param {string} other */
export function compareTs(one, other) {
    const [seconds, count] = one.split(".");
    const [otherSeconds, otherCount] = other.split(".");
    return Number(seconds) - Number(otherSeconds) || Number(count ?? 0) - Number(otherCount ?? 0);
}

/** What each message of the server does. @type {Record<string, (store: Store, message: any) => void>} */
const TAKE = {
    hello(store, message) {
        const { people, users, app, channels, commands, shortcuts, mode, world, tries, breaches } = message;
        const isFirst = !store.isReady;
        Object.assign(store, { people, users, app, channels, commands, shortcuts, mode, world, tries, breaches });
        store.messages = new Map(message.messages.map((/** @type {any} */ one) => [keyOf(one), one]));
        store.views = byId(message.views);
        store.homes = new Map(Object.entries(message.homes));
        store.traces = byId(message.traces);
        store.order.clear();
        store.isReady = true;
        if (!people.some((/** @type {any} */ { id }) => id === store.me)) store.me = people[0].id;
        if (!channels.some((/** @type {any} */ { id }) => id === store.channel)) store.channel = channels[0].id;
        if (isFirst) for (const { id } of channels) for (const person of people) store.see(id, person.id);
    },
    message(store, { message }) {
        const isNew = !store.messages.has(keyOf(message));
        store.messages.set(keyOf(message), message);
        if (isNew) store.order.delete(message.channel);
    },
    view(store, { view }) {
        store.views.set(view.id, view);
    },
    view_closed(store, { id }) {
        store.views.delete(id);
    },
    home(store, { user, view }) {
        store.homes.set(user, view);
    },
    breach(store, { breach }) {
        store.breaches = [...store.breaches, breach];
    },
    trace(store, { trace }) {
        store.traces.set(trace.id, trace);
    },
    world(store, { world }) {
        store.world = world;
    },
};

/** @template {{id: string}} V @param {V[]} values @returns {Map<string, V>} */
function byId(values) {
    return new Map(values.map((value) => [value.id, value]));
}
