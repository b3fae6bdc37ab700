/** The WebSocket to the playground's server: requests with their replies, changes as they come, reconnecting. */

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;

/** A request that the server answered with a sentence of refusal, or that found no connection. */
export class RequestFailed extends Error {}

export class Connection {
    /**
     * @param {string} address
     * @param {(message: any) => void} onMessage  everything but replies
     * @param {(isOpen: boolean) => void} onState
     */
    constructor(address, onMessage, onState) {
        this.address = address;
        this.onMessage = onMessage;
        this.onState = onState;
        /** @type {Map<number, {resolve: (reply: any) => void, reject: (error: Error) => void}>} */
        this.waiting = new Map();
        this.lastId = 0;
        this.wait = FIRST_WAIT;
        /** @type {WebSocket | null} */
        this.socket = null;
    }

    open() {
        const socket = new WebSocket(this.address);
        socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
        socket.onclose = () => this.#lost();
        this.socket = socket;
    }

    /**
     * Asks the server for something. Rejects with RequestFailed.
     *
     * @param {Record<string, any>} request
     * @returns {Promise<any>} the reply
     */
    request(request) {
        if (this.socket?.readyState !== WebSocket.OPEN) return Promise.reject(new RequestFailed("offline"));
        this.lastId += 1;
        this.socket.send(JSON.stringify({ id: this.lastId, ...request }));
        return new Promise((resolve, reject) => this.waiting.set(this.lastId, { resolve, reject }));
    }

    /** @param {any} message */
    #take(message) {
        if (message.type !== "reply") {
            if (message.type === "hello") this.#connected();
            this.onMessage(message);
            return;
        }
        const asker = this.waiting.get(message.id);
        this.waiting.delete(message.id);
        if (message.ok) asker?.resolve(message);
        else asker?.reject(new RequestFailed(message.error));
    }

    #connected() {
        this.wait = FIRST_WAIT;
        this.onState(true);
    }

    #lost() {
        this.onState(false);
        for (const { reject } of this.waiting.values()) reject(new RequestFailed("offline"));
        this.waiting.clear();
        setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2));
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    }
}
