/** The page's own words, in the languages of the people one can be. */

/** @typedef {import("./types.js").Language} Language */

const TEXTS = {
    "skip": { "cs": "Přejít ke zprávám", "en": "Skip to the messages" },
    "side_bar": { "cs": "Kanály a lidé", "en": "Channels and people" },
    "who_you_are": { "cs": "Hrajete za", "en": "You play" },
    "reads_cs": { "cs": "Čte Slack česky", "en": "Reads Slack in Czech" },
    "reads_en": { "cs": "Čte Slack anglicky", "en": "Reads Slack in English" },
    "channels": { "cs": "Kanály", "en": "Channels" },
    "apps": { "cs": "Aplikace", "en": "Apps" },
    "what_this_is": {
        "cs": "Bot je skutečný. Slack hraje tato stránka, poštovní servery běží na tomto počítači.",
        "en": "The bot is real. This page plays Slack, and the mail servers run on this computer."
    },
    "unread": {
        "cs": { "one": "{count} nepřečtená", "few": "{count} nepřečtené", "other": "{count} nepřečtených" },
        "en": { "other": "{count} unread" }
    },
    "mode_about": { "cs": "Jak bot dostává zprávy od Slacku", "en": "How the bot hears from Slack" },
    "panel_tries": { "cs": "Co vyzkoušet", "en": "What to try" },
    "panel_world": { "cs": "Svět", "en": "World" },
    "panel_trace": { "cs": "V zákulisí", "en": "Behind the scenes" },
    "panel_thread": { "cs": "Vlákno", "en": "Thread" },
    "breaches": {
        "cs": { "one": "{count} přestupek", "few": "{count} přestupky", "other": "{count} přestupků" },
        "en": { "one": "{count} breach", "other": "{count} breaches" }
    },
    "breaches_about": { "cs": "Porušení pravidel Slacku", "en": "Breaches of Slack's rules" },
    "to_light": { "cs": "Zapnout světlý vzhled", "en": "Switch to light" },
    "to_dark": { "cs": "Zapnout tmavý vzhled", "en": "Switch to dark" },
    "lost": { "cs": "Spojení se ztratilo, navazuji ho znovu…", "en": "The connection is lost, reconnecting…" },
    "offline": { "cs": "Spojení se serverem je přerušené.", "en": "There is no connection to the server." },
    "messages": { "cs": "Zprávy", "en": "Messages" },
    "intro_title": { "cs": "Tady začíná {name}", "en": "This is the start of {name}" },
    "intro": {
        "cs": "Napište /, @mailbot, nebo si vyberte z toho, co vyzkoušet. Nic neopustí tento počítač.",
        "en": "Type /, or @mailbot, or pick something to try. Nothing leaves this computer."
    },
    "tab_home": { "cs": "Domů", "en": "Home" },
    "tab_messages": { "cs": "Zprávy", "en": "Messages" },
    "tab_about": { "cs": "O aplikaci", "en": "About" },
    "no_home": { "cs": "Aplikace tu zatím nic nezveřejnila.", "en": "The app has not published anything here yet." },
    "commands": { "cs": "Příkazy", "en": "Commands" },
    "shortcuts": { "cs": "Zkratky", "en": "Shortcuts" },
    "no_shortcuts": { "cs": "Aplikace nemá žádné zkratky", "en": "The app has no shortcuts" },
    "shortcut_global": { "cs": "všude", "en": "everywhere" },
    "shortcut_message": { "cs": "v nabídce zprávy", "en": "in a message's menu" },
    "new_messages": { "cs": "Nové zprávy", "en": "New messages" },
    "only_you": { "cs": "Vidíte jen vy", "en": "Only visible to you" },
    "app_mark": { "cs": "Aplikace", "en": "App" },
    "edited": { "cs": "(upraveno)", "en": "(edited)" },
    "deleted": { "cs": "Tato zpráva byla smazána.", "en": "This message was deleted." },
    "replies": {
        "cs": { "one": "{count} odpověď", "few": "{count} odpovědi", "other": "{count} odpovědí" },
        "en": { "one": "{count} reply", "other": "{count} replies" }
    },
    "last_reply": { "cs": "poslední v {time}", "en": "last at {time}" },
    "reply_in_thread": { "cs": "Odpovědět ve vlákně", "en": "Reply in thread" },
    "more_actions": { "cs": "Další akce", "en": "More actions" },
    "copy_text": { "cs": "Kopírovat text", "en": "Copy text" },
    "blocks_as_json": { "cs": "Bloky jako JSON", "en": "Blocks as JSON" },
    "click_copies": { "cs": "Kliknutím zkopírujete", "en": "Click to copy" },
    "copied": { "cs": "Zkopírováno: {text}", "en": "Copied: {text}" },
    "copy": { "cs": "Kopírovat", "en": "Copy" },
    "close": { "cs": "Zavřít", "en": "Close" },
    "back": { "cs": "Zpět", "en": "Back" },
    "cancel": { "cs": "Zrušit", "en": "Cancel" },
    "reply": { "cs": "Odpovědět…", "en": "Reply…" },
    "write_to": { "cs": "Zpráva do {place}", "en": "Message {place}" },
    "send": { "cs": "Odeslat", "en": "Send" },
    "sending": { "cs": "Odesílám…", "en": "Sending…" },
    "completion": { "cs": "Návrhy", "en": "Suggestions" },
    "no_commands_in_threads": {
        "cs": "Slack ve vláknech příkazy aplikací nedovoluje. Zmiňte @mailbot, nebo příkaz napište do kanálu.",
        "en": "Slack does not allow apps' commands in threads. Mention @mailbot, or type the command in the channel."
    },
    "unknown_command": {
        "cs": "{command} není platný příkaz. Slack bere jako příkaz vše, co začíná lomítkem.",
        "en": "{command} is not a valid command. Slack takes everything that starts with a slash for a command."
    },
    "command_failed": { "cs": "Příkaz {command} selhal. {failure}", "en": "{command} failed. {failure}" },
    "no_answer": { "cs": "Aplikace neodpověděla ({error}).", "en": "The app did not respond ({error})." },
    "trouble": {
        "cs": "Nepodařilo se spojit s aplikací ({error}). Zkuste to znovu.",
        "en": "We had trouble connecting to the app ({error}). Try again."
    },
    "cannot_be_shown": { "cs": "Tento blok nelze zobrazit: {type}", "en": "This block cannot be shown: {type}" },
    "optional": { "cs": "nepovinné", "en": "optional" },
    "required": { "cs": "Toto pole vyplňte, prosím.", "en": "Please complete this field." },
    "too_short": { "cs": "Nejméně {least} znaků.", "en": "At least {least} characters." },
    "too_long": { "cs": "Nejvýše {most} znaků.", "en": "At most {most} characters." },
    "no_email": { "cs": "Toto není e-mailová adresa.", "en": "This is no e-mail address." },
    "no_url": { "cs": "Toto není webová adresa.", "en": "This is no web address." },
    "no_number": { "cs": "Zadejte číslo.", "en": "Enter a number." },
    "out_of_range": { "cs": "Číslo od {least} do {most}.", "en": "A number from {least} to {most}." },
    "choose": { "cs": "Vyberte…", "en": "Choose…" },
    "chosen": { "cs": "Vybráno", "en": "Chosen" },
    "remove": { "cs": "Odebrat {name}", "en": "Remove {name}" },
    "loading": { "cs": "Načítám…", "en": "Loading…" },
    "nothing_found": { "cs": "Nic nenalezeno", "en": "Nothing found" },
    "not_loaded": { "cs": "Možnosti se nepodařilo načíst", "en": "The options could not be loaded" },
    "type_more": {
        "cs": {
            "one": "Napište aspoň {count} znak",
            "few": "Napište aspoň {count} znaky",
            "other": "Napište aspoň {count} znaků"
        },
        "en": { "one": "Type at least {count} character", "other": "Type at least {count} characters" }
    },
    "alert_default": { "cs": "•", "en": "•" },
    "alert_info": { "cs": "ℹ", "en": "ℹ" },
    "alert_warning": { "cs": "⚠", "en": "⚠" },
    "alert_error": { "cs": "✖", "en": "✖" },
    "alert_success": { "cs": "✔", "en": "✔" },
    "element_overflow": { "cs": "Další možnosti", "en": "More options" },
    "element_static_select": { "cs": "Nabídka", "en": "Menu" },
    "element_multi_static_select": { "cs": "Nabídka", "en": "Menu" },
    "element_external_select": { "cs": "Nabídka", "en": "Menu" },
    "element_multi_external_select": { "cs": "Nabídka", "en": "Menu" },
    "element_users_select": { "cs": "Člověk", "en": "Person" },
    "element_multi_users_select": { "cs": "Lidé", "en": "People" },
    "element_channels_select": { "cs": "Kanál", "en": "Channel" },
    "element_multi_channels_select": { "cs": "Kanály", "en": "Channels" },
    "element_conversations_select": { "cs": "Konverzace", "en": "Conversation" },
    "element_multi_conversations_select": { "cs": "Konverzace", "en": "Conversations" },
    "element_radio_buttons": { "cs": "Možnosti", "en": "Options" },
    "element_checkboxes": { "cs": "Možnosti", "en": "Options" },
    "element_datepicker": { "cs": "Datum", "en": "Date" },
    "element_timepicker": { "cs": "Čas", "en": "Time" },
    "element_datetimepicker": { "cs": "Datum a čas", "en": "Date and time" },
    "tries_about": {
        "cs": "Kliknutím to uděláte za toho, komu to patří.",
        "en": "A click does it, as the person it is for."
    },
    "tried": { "cs": "vyzkoušeno", "en": "tried" },
    "world_about": {
        "cs": "Přesuňte zákazníka nebo mu rozbijte certifikát a zeptejte se bota znovu.",
        "en": "Move a customer or break its certificate, then ask the bot again."
    },
    "servers": { "cs": "Poštovní servery", "en": "Mail servers" },
    "customers": { "cs": "Zákazníci", "en": "Customers" },
    "server": { "cs": "Server", "en": "Server" },
    "certificate": { "cs": "Certifikát", "en": "Certificate" },
    "certificate_good": { "cs": "v pořádku", "en": "good" },
    "certificate_none": { "cs": "žádný vlastní", "en": "none of its own" },
    "certificate_expired": { "cs": "propadlý", "en": "expired" },
    "certificate_other_name": { "cs": "pro jiný název", "en": "for another name" },
    "exchange": { "cs": "Nová pošta", "en": "New mail" },
    "move": { "cs": "Přesunout", "en": "Move" },
    "move_to": { "cs": "Přesunout na", "en": "Move to" },
    "break": { "cs": "Rozbít certifikát", "en": "Break the certificate" },
    "mend": { "cs": "Opravit", "en": "Mend" },
    "ask": { "cs": "Zeptat se", "en": "Ask" },
    "stop": { "cs": "Zastavit", "en": "Stop" },
    "start": { "cs": "Spustit", "en": "Start" },
    "running": { "cs": "běží", "en": "running" },
    "stopped": { "cs": "zastaven", "en": "stopped" },
    "name_server": { "cs": "DNS server: {address}", "en": "Name server: {address}" },
    "actions": { "cs": "Co se dělo", "en": "What was done" },
    "no_actions": { "cs": "Zatím se nic nestalo. Zkuste příkaz.", "en": "Nothing was done yet. Try a command." },
    "steps": { "cs": "Kroky", "en": "Steps" },
    "request": { "cs": "Požadavek", "en": "Request" },
    "acknowledgement": { "cs": "Potvrzení", "en": "Acknowledgement" },
    "acknowledged_about": {
        "cs": "Za jak dlouho bot potvrdil příjem; Slack čeká 3 s",
        "en": "How long the bot took to acknowledge; Slack waits 3 s"
    },
    "acknowledged_to_slack": { "cs": "Příjem potvrzen", "en": "Acknowledged to Slack" },
    "not_acknowledged": { "cs": "Zatím nepotvrzeno.", "en": "Not acknowledged yet." },
    "empty_acknowledgement": { "cs": "Prázdné potvrzení.", "en": "An empty acknowledgement." },
    "still_running": { "cs": "Ještě běží…", "en": "Still running…" },
    "kind_call": { "cs": "Web API", "en": "Web API" },
    "kind_response_url": { "cs": "Odpověď", "en": "Answer" },
    "kind_dns": { "cs": "DNS", "en": "DNS" },
    "kind_tls": { "cs": "TLS", "en": "TLS" },
    "kind_ack": { "cs": "Slack", "en": "Slack" }
};

const PLURALS = { cs: new Intl.PluralRules("cs"), en: new Intl.PluralRules("en") };

/** @type {Language} */
let current = "en";

/** @param {Language} wanted */
export function setLanguage(wanted) {
    current = wanted;
}

/** @returns {Language} what the page speaks now */
export const language = () => current;

/**
 * A text in the language of the page; `{name}` becomes a parameter, and `count` chooses the form of a number.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [parameters]
 * @returns {string}
 */
export function t(key, parameters = {}) {
    /** @type {string | Record<string, string>} */
    const text = /** @type {any} */ (TEXTS)[key][current];
    const form =
        typeof text === "string" ? text : (text[PLURALS[current].select(Number(parameters.count))] ?? text.other);
    return form.replace(/\{(\w+)\}/g, (all, name) => String(parameters[name] ?? all));
}
