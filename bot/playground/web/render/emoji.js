/** The emoji names that support people write; others stay as typed. */

const NAMES = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", wave: "👋", eyes: "👀", tada: "🎉", pray: "🙏", clap: "👏",
  smile: "😄", slightly_smiling_face: "🙂", grin: "😁", joy: "😂", wink: "😉", thinking_face: "🤔", sob: "😭", heart: "❤️",
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", no_entry: "⛔", warning: "⚠️", rotating_light: "🚨",
  bulb: "💡", lock: "🔒", unlock: "🔓", key: "🔑", hourglass: "⌛", repeat: "🔁", question: "❓", exclamation: "❗",
  email: "✉️", envelope: "✉️", mailbox: "📫", incoming_envelope: "📨", inbox_tray: "📥", outbox_tray: "📤",
  iphone: "📱", computer: "💻", desktop_computer: "🖥️", globe_with_meridians: "🌐", link: "🔗", memo: "📝",
  red_circle: "🔴", large_yellow_circle: "🟡", large_green_circle: "🟢", robot_face: "🤖", rocket: "🚀", bug: "🐛",
};

/** @param {string} name @param {string} [unicode] code points such as "1f44b" */
export function emoji(name, unicode) {
  if (unicode) return String.fromCodePoint(...unicode.split("-").map((point) => Number.parseInt(point, 16)));
  return /** @type {Record<string, string>} */ (NAMES)[name] ?? `:${name}:`;
}
