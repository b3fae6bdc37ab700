/** Moments in the reader's own zone and language, and Slack's date formats. */

import { language } from "../texts.js";

const LOCALES = { cs: "cs-CZ", en: "en-GB" };
const DAY = 86_400_000;

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const FORMATS = {
    date: { day: "numeric", month: "long", year: "numeric" },
    date_short: { day: "numeric", month: "short", year: "numeric" },
    date_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
    time: { hour: "numeric", minute: "2-digit" },
    time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** Making one is slow, and every message has a time. @type {Map<string, Intl.DateTimeFormat>} */
const formatters = new Map();

/** @param {Date} moment @param {string} name one of FORMATS */
function format(moment, name) {
    const key = `${language()}/${name}`;
    const formatter = formatters.get(key) ?? new Intl.DateTimeFormat(LOCALES[language()], FORMATS[name]);
    formatters.set(key, formatter);
    return formatter.format(moment);
}

/** @param {Date} moment */
function isoDay(moment) {
    const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
    return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** "today", "yesterday", "tomorrow" in the reader's language, or null on other days. @param {Date} moment */
function nearDay(moment) {
    const days = Math.round((Date.parse(isoDay(moment)) - Date.parse(isoDay(new Date()))) / DAY);
    if (Math.abs(days) > 1) return null;
    return new Intl.RelativeTimeFormat(LOCALES[language()], { numeric: "auto" }).format(days, "day");
}

/** @param {Date} moment */
function ago(moment) {
    const words = new Intl.RelativeTimeFormat(LOCALES[language()], { numeric: "auto" });
    const seconds = Math.round((moment.getTime() - Date.now()) / 1000);
    if (Math.abs(seconds) < 60) return words.format(seconds, "second");
    if (Math.abs(seconds) < 3600) return words.format(Math.round(seconds / 60), "minute");
    if (Math.abs(seconds) < 86_400) return words.format(Math.round(seconds / 3600), "hour");
    return words.format(Math.round(seconds / 86_400), "day");
}

/** One of Slack's tokens, without braces; null when Slack has no such token. @param {Date} moment @param {string} token */
function token(moment, token) {
    if (token === "date_num") return isoDay(moment);
    if (token === "date_slash") return moment.toLocaleDateString(LOCALES[language()]);
    if (token === "ago") return ago(moment);
    if (token.endsWith("_pretty")) return nearDay(moment) ?? format(moment, token.slice(0, -"_pretty".length));
    return token in FORMATS ? format(moment, token) : null;
}

/**
 * A moment as Slack draws `<!date^…>` and rich text's `date`. A token that Slack does not know leaves the fallback.
 *
 * @param {number} seconds
 * @param {string} pattern such as "{date_short_pretty} {time}"
 * @param {string} fallback
 */
export function formatDate(seconds, pattern, fallback) {
    const moment = new Date(seconds * 1000);
    const tokens = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    if (Number.isNaN(moment.getTime()) || !tokens.every((name) => isToken(name))) return fallback;
    return pattern.replace(/\{(\w+)\}/g, (_, name) => token(moment, name) ?? "");
}

/** @param {string} name */
function isToken(name) {
    return ["date_num", "date_slash", "ago"].includes(name) || name.replace(/_pretty$/, "") in FORMATS;
}

/** @param {string} ts a message's */
export const timeOf = (ts) => format(new Date(Number(ts) * 1000), "time");

/** @param {string} ts a message's */
export const momentOf = (ts) => `${format(new Date(Number(ts) * 1000), "date_long")} ${timeOf(ts)}`;

/** The day in the reader's zone. @param {string} ts a message's */
export const dayOf = (ts) => isoDay(new Date(Number(ts) * 1000));

/** What stands above the messages of a day. @param {string} ts a message's */
export function dayTitle(ts) {
    const moment = new Date(Number(ts) * 1000);
    const near = nearDay(moment);
    return near ? near.charAt(0).toUpperCase() + near.slice(1) : format(moment, "date_long");
}

/** The time of day with seconds, for the list of actions. @param {number} seconds */
export const clockOf = (seconds) => format(new Date(seconds * 1000), "time_secs");
