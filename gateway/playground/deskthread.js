// The thread of the open case, and the field its agent writes in.

import { composer } from "./composer.js";
import { tell } from "./deskcase.js";
import { byId, make, uuid } from "./dom.js";
import { bubble, time } from "./lines.js";

const WHO = { customer: "Customer", bot: "Assistant", agent: "You" };
const SENT = { accepted: "On its way", delivered: "Delivered", failed: "Not delivered", kept: "Not sent to the customer" };
const NEAR_PX = 60;

const field = byId("answer-field");
const file = byId("file");
const pending = new Map(); // id -> its line, until the thread holds it
let of = ""; // the case that is shown
let stick = false; // the newest line stays in sight
let mine = false; // its thread comes first; before that, its card
let sending = () => {};

/** Make the field work; `send(id, what)` does something with the open case and gives null or a refusal. */
export function openThread({ send }) {
  sending = send;
  composer(byId("answer"), field, say);
  file.addEventListener("scroll", () => (stick = atEnd()), { passive: true });
  new ResizeObserver(() => stick && toEnd()).observe(file);
}

/** Show the thread; gives whether somebody else has said something new in it. */
export function showThread({ case: row, before, lines, writes }) {
  const another = of !== row.id;
  if (another) [byId("thread"), byId("pending")].forEach((list) => list.replaceChildren());
  of = row.id;
  const taken = !mine && row.owner === "agent";
  mine = row.owner === "agent";
  stick = another ? mine : taken || stick;
  for (const { id } of lines) settle(id);
  byId("before").replaceChildren(...before.map(({ who, text }) => make("li", {}, make("b", {}, `${WHO[who] ?? who}: `), text)));
  const said = patch(byId("thread"), lines);
  byId("answer").hidden = !writes;
  field.placeholder = row.owner === "agent" ? "Answer the customer" : "Claim the case, then answer";
  if (stick) toEnd();
  else if (another) file.scrollTop = 0;
  return said && !another;
}

/** Lines that are as they were stay as they are: the focus in one is kept, and nothing is read out twice. */
function patch(list, lines) {
  const kept = new Map([...list.children].map((line) => [line.dataset.line, line]));
  let fresh = false;
  lines.forEach((line, place) => {
    const as = JSON.stringify(line);
    let element = kept.get(line.id);
    kept.delete(line.id);
    fresh ||= !element && line.who === "customer";
    if (element?.dataset.as !== as) {
      element = renewed(element, shown(line));
      Object.assign(element.dataset, { line: line.id, as });
    }
    if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
  });
  for (const line of kept.values()) line.remove();
  return fresh;
}

/** Of a line that was there, only what became of it is new: no more is read out. */
function renewed(element, made) {
  if (!element) return made;
  const [old, meta] = [element.querySelector(".meta"), made.querySelector(".meta")];
  if (old && meta) old.replaceWith(meta);
  else element.replaceChildren(...made.childNodes);
  Object.assign(element.dataset, made.dataset);
  return element;
}

function shown(line) {
  if (!line.who) return aside(line);
  const who = line.note ? "Internal note" : (WHO[line.who] ?? line.who);
  const meta = time(line.at);
  if (SENT[line.sent]) meta.append(" · ", SENT[line.sent]);
  return make(
    "li",
    { class: "line", "data-who": line.who, "data-note": line.note, "data-became": line.sent || null },
    make("span", { class: "who" }, who),
    bubble(line.text),
    meta,
  );
}

function aside(line) {
  const choices = line.choices.map(({ label, action, value }) =>
    make("button", { type: "button", class: "act", on: { click: () => chose(action, value) } }, label),
  );
  return make(
    "li",
    { class: "line note", "data-whisper": line.whisper },
    make("p", {}, line.text),
    choices.length ? make("div", { class: "row", role: "group", "aria-label": "What becomes of these words" }, ...choices) : null,
  );
}

async function chose(action, value) {
  field.focus();
  const refusal = await sending(uuid(), { action, value });
  if (refusal) tell(refusal.because);
}

function say(text) {
  const id = uuid();
  const line = make("li", { class: "line", "data-who": "agent" }, bubble(text), make("p", { class: "meta" }));
  pending.set(id, line);
  byId("pending").append(line);
  toEnd();
  deliver(id, text, line);
}

async function deliver(id, text, line) {
  const meta = make("p", { class: "meta" }, "Sending…");
  line.querySelector(".meta").replaceWith(meta);
  delete line.dataset.became;
  const refusal = await sending(id, { text });
  if (!refusal) return;
  line.dataset.became = "failed";
  meta.setAttribute("role", "alert");
  meta.textContent = refusal.because;
  if (refusal.again) meta.append(" ", make("button", { type: "button", class: "again", on: { click: () => deliver(id, text, line) } }, "Try again"));
}

function settle(id) {
  pending.get(id)?.remove();
  pending.delete(id);
}

function atEnd() {
  return file.scrollHeight - file.scrollTop - file.clientHeight < NEAR_PX;
}

function toEnd() {
  file.scrollTop = file.scrollHeight;
}
