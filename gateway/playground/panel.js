// The details of the last turn: standing, answers with their sources, facts, and the rules that fired.

import { byId, make, readable } from "./dom.js";
import { meaning } from "./rules.js";

const SOURCES = {
  asked: "given when asked",
  volunteered: "said without being asked",
  memory: "remembered from an earlier time",
  habit: "the same every time",
  default: "set by the flow",
  model: "read by the model",
  agent: "entered by a person",
};
const OWNERS = { bot: "the bot", queue: "waiting for a person", agent: "a person" };
let before = new Map(); // slot -> value as JSON

/** Show the state as /playground/state gives it. */
export function showDetails(state) {
  byId("turn").textContent = state.turn ? `Turn ${state.turn}` : "";
  showStanding(state);
  showSlots(state.slots);
  fill(byId("facts"), state.facts.map(({ name, value }) => pair(readable(name), written(value))));
  byId("facts-part").hidden = state.facts.length === 0;
  byId("rules").replaceChildren(...state.rules.map(rule));
  byId("rules").hidden = state.rules.length === 0;
  byId("no-rules").hidden = state.rules.length > 0;
  byId("no-rules").textContent = state.turn ? "No rule was needed." : "No turn yet.";
}

function showStanding({ flow, title, path, phase, pending, outcome, owner, agent, stack }) {
  const below = stack.filter((name) => name !== flow);
  const way = make("ol", { class: "way" }, ...path.map((state) => make("li", {}, readable(state))));
  fill(byId("standing"), [
    pair("Task", flow ? title || readable(flow) : "none"),
    path.length ? pair("Way", way) : null,
    phase ? pair("Phase", phase) : null,
    pair("Waiting for", pending ? readable(pending) : "nothing"),
    outcome ? pair("Outcome", make("span", { class: "badge", "data-outcome": outcome }, outcome.replaceAll("_", " "))) : null,
    pair("With", agent ? `${agent}, ${OWNERS.agent}` : (OWNERS[owner] ?? owner)),
    below.length ? pair("Still open", below.map(readable).join(", ")) : null,
  ]);
}

function showSlots(slots) {
  const now = new Map(slots.map((slot) => [slot.name, JSON.stringify([slot.value, slot.state])]));
  const fresh = ({ name, state }) => before.get(name) !== now.get(name) && state !== "empty";
  byId("slots").replaceChildren(...slots.map((slot) => slotRow(slot, fresh(slot))));
  byId("slots").hidden = slots.length === 0;
  byId("no-slots").hidden = slots.length > 0;
  before = now;
}

function slotRow({ label, name, value, shown, source, state }, fresh) {
  const settled = state !== "empty";
  const odd = settled && state !== "filled";
  return make(
    "div",
    { class: fresh ? "fresh" : null, "data-slot": name, "data-slot-state": state },
    make("dt", {}, readable(label || name)),
    settled && source ? make("dd", {}, make("span", { class: "badge", "data-source": source, title: SOURCES[source] }, source)) : null,
    make("dd", { class: "value" }, settled ? (shown ?? written(value)) : "–", odd ? make("span", { class: "badge state" }, state) : null),
  );
}

function rule(id) {
  const tip = `rule-${id}`;
  const button = make("button", { type: "button", class: "rule", "aria-describedby": tip }, id);
  button.addEventListener("keydown", (event) => event.key === "Escape" && button.blur());
  return make("li", {}, button, make("span", { class: "meaning", id: tip, role: "tooltip" }, meaning(id)));
}

/** A canonical value (DESIGN section 7) as people write it. */
export function written(value) {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(written).join(", ");
  if (typeof value === "object" && "amount" in value && "currency" in value) return money(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function money({ amount, currency }) {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).format(Number(amount));
  } catch {
    return `${amount} ${currency}`;
  }
}

function fill(list, pairs) {
  list.replaceChildren(...pairs.filter(Boolean).flat());
}

function pair(term, description) {
  return [make("dt", {}, term), make("dd", {}, description)];
}
