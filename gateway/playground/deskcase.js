// The open case: how it stands, what can be done with it, what is known. Everything from outside becomes text (X20).

import { byId, make, readable, uuid } from "./dom.js";

const OPEN_FIRST = "Claim it first.";

let standing = null; // the view that is shown
let drawn = ""; // names and states of the buttons that are shown
let asking = ""; // the button whose form is open
let doing = () => {};

/** Show how the case stands and its buttons; `act(id, what)` does something with it. */
export function showStanding(view, act) {
  standing = view;
  doing = act;
  const { case: row } = view;
  byId("case-words").textContent = row.words;
  byId("case-reference").textContent = row.reference;
  byId("case-asked").textContent = view.asked;
  byId("case-asked").hidden = !view.asked;
  showButtons();
  if (asking && !view.buttons.some((button) => button.name === asking && button.able)) closeForm();
}

/** Put away what a button had asked. */
export function closeForm() {
  asking = "";
  byId("ask").hidden = true;
  byId("doing").hidden = false;
  byId("ask").replaceChildren();
  tell("");
}

function showButtons() {
  const now = standing.case.id + JSON.stringify(standing.buttons.map(({ name, able }) => [name, able]));
  if (now === drawn) return;
  drawn = now;
  const held = byId("acts").contains(document.activeElement) ? document.activeElement.dataset.act : "";
  const [often, rarely] = [standing.buttons.filter((one) => !one.more), standing.buttons.filter((one) => one.more)];
  byId("acts").replaceChildren(...often.map(button));
  byId("more-acts").replaceChildren(...rarely.map(button));
  byId("more").hidden = rarely.length === 0;
  if (held) (byId("acts").querySelector(`[data-act="${held}"]:enabled`) ?? byId("answer-field")).focus();
}

function button({ name, label, style, able }) {
  const attributes = { type: "button", class: "act", "data-act": name, "data-style": style, disabled: !able, title: able ? null : OPEN_FIRST };
  return make("button", { ...attributes, on: { click: () => press(name) } }, label);
}

function press(name) {
  const pressed = standing.buttons.find((one) => one.name === name);
  if (!pressed) return;
  byId("more").open = false;
  if (pressed.asks.length) openForm(pressed);
  else done(pressed, {});
}

async function done({ action, value }, inputs) {
  closeForm();
  const refusal = await doing(uuid(), { action, value, inputs });
  if (refusal) tell(refusal.because);
}

function openForm({ name, label, asks }) {
  closeForm();
  asking = name;
  const form = byId("ask");
  const fields = asks.map(field);
  const cancel = make("button", { type: "button", class: "act", on: { click: () => leaveForm(name) } }, "Cancel");
  const go = make("button", { type: "submit", class: "act", "data-style": "primary" }, name === "reply" ? "Send" : label);
  form.setAttribute("aria-label", label);
  form.replaceChildren(...fields, make("div", { class: "row" }, go, cancel));
  form.hidden = false;
  byId("doing").hidden = true;
  form.querySelector("select, textarea, input").focus();
  form.onsubmit = (event) => {
    event.preventDefault();
    const pressed = standing.buttons.find((one) => one.name === name);
    if (pressed) done(pressed, Object.fromEntries(new FormData(form))).then(() => byId("answer-field").focus());
  };
  form.onkeydown = (event) => {
    if (event.key === "Escape") leaveForm(name);
  };
}

function leaveForm(name) {
  closeForm();
  const opener = byId("acts").querySelector(`[data-act="${name}"]`);
  (opener ?? byId("more").querySelector("summary")).focus();
}

function field({ name, label, choices, optional }) {
  const words = make("span", {}, label);
  if (!choices) {
    const long = name === "text";
    const input = make(long ? "textarea" : "input", { name, required: !optional, maxlength: long ? 4000 : 1000, rows: long ? 3 : null, placeholder: optional ? "Optional" : null });
    return make("label", {}, words, input);
  }
  const none = optional ? [make("option", { value: "" }, "Not judged yet")] : [];
  return make("label", {}, words, make("select", { name }, ...none, ...choices.map(({ value, label: shown }) => make("option", { value }, shown))));
}

/** Show the card: the case in sentences, what is known of it, and its summary to take away. */
export function showCard({ told, facts, values, revision, channel }, address) {
  byId("case-headline").textContent = told.headline;
  byId("case-told").replaceChildren(...[...told.situation, ...told.tried].map((text) => make("li", {}, text)));
  byId("case-next").replaceChildren(...pairs([["Open question", told.open_question], ["Suggested", told.suggested]]));
  byId("case-facts").replaceChildren(...pairs([["Channel", channel], ...facts.map(({ name, value }) => [name, value])]));
  byId("case-values").replaceChildren(...values.map(value));
  byId("case-summary").href = `${address}/summary.json`;
  byId("case-author").textContent = `${readable(told.author)}, revision ${revision}.`;
}

function pairs(list) {
  return list.filter(([, text]) => text).flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, text)]);
}

function value({ label, value: text, status, source, confirmed }) {
  const about = [source, confirmed ? "confirmed" : "", status === "filled" ? "" : status].filter(Boolean).join(", ");
  return make("div", {}, make("dt", {}, label), make("dd", {}, text || "–"), make("dd", { class: "badge" }, about));
}

/** Say why something was not done; "" says nothing. */
export function tell(words) {
  byId("case-trouble").textContent = words;
  byId("case-trouble").hidden = !words;
}
