// The customer's side: what was said, what is on its way, what may be tapped.

import { answering } from "./answering.js";
import { composer, fit } from "./composer.js";
import { byId, make, uuid } from "./dom.js";
import { post } from "./wire.js";
import { bubble, card, notice, reply, time } from "./lines.js";

const TYPING_MS = 6_000; // the bot says again that it types while it does
const NEAR_PX = 80;

const log = byId("log");
const said = byId("said");
const sending = byId("sending");
const field = byId("field");
const pending = new Map(); // our id -> its line, until it is on the stream and was taken
const shown = new Set();
let typingEnds;
let following = true; // the newest line stays in sight

/** Make the composer work. */
export function openChat() {
  composer(byId("composer"), field, (text) => say({ text }, text));
  byId("latest").addEventListener("click", toEnd);
  log.addEventListener("scroll", scrolled, { passive: true });
  new ResizeObserver(() => following && toEnd()).observe(log); // it may have been out of sight
  for (const strip of document.querySelectorAll(".strip")) strip.addEventListener("wheel", sideways, { passive: true });
  focusField();
}

/** Fill what may be tapped: `openers` are sent at once, `orders` go into the field. */
export function offer({ openers, orders }) {
  const chip = (text) => make("button", { type: "button", class: "chip", on: { click: () => say({ text }, text) } }, text);
  byId("starters").replaceChildren(...openers.map(chip));
  byId("openers").replaceChildren(...openers.map(chip));
  byId("orders").replaceChildren(...orders.map((order) => card(order, fillIn)));
  byId("all-orders").replaceChildren(...orders.map((order) => card(order, fillIn)));
  byId("orders-title").hidden = orders.length === 0;
  if (byId("welcome").hidden) began();
}

/** Show one streamed message: {id, kind, text, options, voice, at}. The same one twice is shown once. */
export function hear(message) {
  if (shown.has(message.id)) return;
  shown.add(message.id);
  const stick = atEnd() || message.kind === "customer";
  began();
  if (message.kind === "customer") said.append(settle(message));
  else {
    // What a person writes leaves the way back to the assistant open.
    if (message.voice !== "agent" && (message.kind !== "notice" || message.options?.length)) retireOptions();
    byId("typing").hidden = true;
    said.append(message.kind === "notice" ? notice(message, press) : reply(message, press, answering()));
  }
  if (stick) toEnd();
  else byId("latest").hidden = false;
}

/** The bot is writing. */
export function showTyping() {
  const stick = atEnd();
  byId("typing").hidden = false;
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => (byId("typing").hidden = true), TYPING_MS);
  if (stick) toEnd();
}

/** Begin with an empty page: the session is another one now. */
export function clearChat() {
  said.replaceChildren();
  shown.clear();
}

function say(message, text) {
  const id = uuid();
  const line = make("li", { class: "line mine", "data-sent": "under-way" }, bubble(text), make("p", { class: "meta" }, "Sending…"));
  pending.set(id, line);
  sending.append(line);
  began();
  toEnd();
  focusField();
  deliver({ id, ...message }, line);
}

/** Post until it is taken. That its line is on the stream already is no promise: only the answer is. */
async function deliver(message, line) {
  mark(line, "under-way", "Sending…");
  const refusal = await post(message);
  if (!refusal) return taken(message.id, line);
  const meta = mark(line, "failed", refusal.because);
  meta.setAttribute("role", "alert");
  if (refusal.again) {
    const again = make("button", { type: "button", class: "again" }, "Try again");
    again.addEventListener("click", () => {
      focusField();
      deliver(message, line);
    });
    meta.append(" ", again);
  }
  toEnd();
}

function taken(id, line) {
  if (line.dataset.at) settled(id, line);
  else mark(line, "taken", "Sent");
}

/** The line of a customer's message that came back on the stream: ours if we sent it, else a new one. */
function settle(message) {
  const [id, line] = [...pending].find(([sent]) => message.id.endsWith(sent)) ?? [];
  if (!line) return make("li", { class: "line mine" }, bubble(message.text), time(message.at));
  line.dataset.at = message.at;
  if (line.dataset.sent === "taken") settled(id, line);
  return line;
}

function settled(id, line) {
  pending.delete(id);
  line.querySelector(".meta").replaceWith(time(line.dataset.at));
  delete line.dataset.sent;
}

function mark(line, word, words) {
  line.dataset.sent = word;
  const meta = make("p", { class: "meta" }, words);
  line.querySelector(".meta").replaceWith(meta);
  return meta;
}

function press({ label, token }) {
  retireOptions();
  say({ option: token }, label);
}

function retireOptions() {
  for (const button of said.querySelectorAll(".option:enabled")) button.disabled = true;
}

function scrolled() {
  following = atEnd();
  byId("latest").toggleAttribute("hidden", following);
}

function fillIn(words) {
  const [from, to] = [field.selectionStart, field.selectionEnd];
  const before = field.value.slice(0, from);
  field.setRangeText(before && !before.endsWith(" ") ? ` ${words}` : words, from, to, "end");
  fit(field);
  field.focus();
}

function began() {
  byId("welcome").hidden = true;
  for (const strip of document.querySelectorAll(".strip")) strip.hidden = strip.childElementCount === 0;
}

function sideways(event) {
  if (!event.deltaX) event.currentTarget.scrollLeft += event.deltaY;
}

function focusField() {
  if (!matchMedia("(pointer: coarse)").matches) field.focus();
}

function atEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  byId("latest").hidden = true;
}
