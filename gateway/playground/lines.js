// Lines of the talk as elements: replies with their buttons, notices, bubbles with links, times, order cards.

import { make } from "./dom.js";

export const NAMELESS = "Agent";
const VOICES = { bot: "Frontdesk", desk: "Frontdesk", agent: NAMELESS };

/** A line of the desk's: whose voice, what it says, and buttons for its options; `pressed(option)` hears which. `agent`
 * is the name of the person who speaks, where it is known. */
export function reply(message, pressed, agent) {
  const voice = message.voice ?? "bot";
  const who = (voice === "agent" && agent) || (VOICES[voice] ?? voice);
  return make(
    "li",
    { class: "line theirs", "data-voice": voice },
    make("span", { class: voice === "agent" ? "who" : "aside" }, who),
    bubble(message.text),
    message.link ? make("p", { class: "bubble" }, ...linked(message.link)) : null,
    choices(message, pressed),
    time(message.at),
  );
}

/** A word about the conversation itself; one that asks something, or says more than one thing, is a line as others. */
export function notice(message, pressed) {
  if (message.options?.length || message.text.includes("\n")) return reply(message, pressed);
  return make("li", { class: "line note" }, make("p", {}, ...linked(message.text)));
}

function choices({ options }, pressed) {
  if (!options?.length) return null;
  return make("div", { class: "options", role: "group", "aria-label": "Answers" }, ...options.map((each) => option(each, pressed)));
}

/** What somebody said. */
export function bubble(text) {
  return make("p", { class: "bubble" }, ...linked(text));
}

/** Text with its http(s) addresses as links, and nothing else as anything else (C94). */
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/).map((part, place) =>
    place % 2 ? make("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part,
  );
}

/** The hour of a line, as the reader's place writes it. */
export function time(at) {
  const when = new Date(at);
  if (Number.isNaN(when.valueOf())) return make("p", { class: "meta" });
  const words = when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return make("p", { class: "meta" }, make("time", { datetime: at }, words));
}

/** An order to try; `tapped(id)` hears its number. */
export function card({ id, item, price }, tapped) {
  const label = `Put ${id}, ${item}, ${price}, into the message`;
  const words = [make("b", {}, id), make("span", {}, item), make("i", {}, price)];
  return make("button", { type: "button", class: "card", "aria-label": label, on: { click: () => tapped(id) } }, ...words);
}

function option({ label, token }, pressed) {
  const button = make("button", { type: "button", class: "option" }, label);
  button.addEventListener("click", () => {
    button.dataset.chosen = "";
    pressed({ label, token });
  });
  return button;
}
