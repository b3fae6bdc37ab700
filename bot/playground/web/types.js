/**
 * The shapes that travel between the server and the page. No code here, only names for the other modules.
 *
 * @typedef {"cs" | "en"} Language
 * @typedef {Record<Language, string>} Bilingual
 * @typedef {Record<string, any>} Json  Slack's own JSON: blocks, elements, options, payloads
 *
 * @typedef {{id: string, name: string, real_name: string, title: Bilingual, language: Language}} Person
 * @typedef {{name: string, real_name: string, is_bot: boolean}} User
 * @typedef {{id: string, name: string, topic: string, kind: "channel" | "im", person: string | null}} Channel
 * @typedef {{command: string, description: string, usage_hint: string}} Command
 * @typedef {{name: string, type: "global" | "message", callback_id: string, description: string}} Shortcut
 * @typedef {{id: string, as: string, channel: string, do: "command" | "say" | "shortcut", text: string,
 *   about: Bilingual}} Try
 *
 * @typedef {{ts: string, channel: string, user: string, text: string, blocks: Json[], thread_ts: string | null,
 *   only_for: string | null, deleted: boolean, edited: boolean}} Message
 * @typedef {{id: string, user: string, hash: string, type: "modal" | "home", content: Json, root_view_id: string,
 *   previous_view_id: string | null}} View
 *
 * @typedef {{at: number, where: string, text: string}} Breach
 * @typedef {{at_ms: number, kind: "call" | "response_url" | "dns" | "tls", title: string, outcome: string,
 *   detail: Json}} Step
 * @typedef {{id: string, at: number, title: string, user: string, channel: string | null, kind: string,
 *   request: Json, status: number, error: string, acknowledged_ms: number | null, acknowledgement: any,
 *   done: boolean, steps: Step[]}} Trace
 *
 * @typedef {{host: string, address: string, is_running: boolean}} Server
 * @typedef {{domain: string, unicode: string, server: string,
 *   certificate: "good" | "none" | "expired" | "other_name", exchange: string | null, about: Bilingual}} Customer
 * @typedef {{name_server: string, servers: Server[], customers: Customer[]}} World
 *
 * @typedef {{message: {channel: string, ts: string}} | {view: string}} Place  where an element stands
 */

export {};
