// Who answers the customer, where that is not the assistant.

import { byId } from "./dom.js";
import { NAMELESS } from "./lines.js";

let name = "";

/** The name of the person who answers, or answered last. */
export function answering() {
  return name;
}

/** Show who answers, by the state as /playground/state gives it. */
export function showWith({ owner, agent }) {
  if (agent) named(agent);
  const line = byId("with");
  const words = { queue: "Waiting for a person", agent: `${agent ?? "A person"} is answering` }[owner] ?? "";
  if (line.textContent === words) return;
  line.textContent = words;
  line.dataset.owner = owner;
  line.hidden = !words;
  if (!words) leaveOptions();
}

/** Their words may have come before their name. */
function named(agent) {
  name = agent;
  for (const who of byId("said").querySelectorAll("[data-voice=agent] .who")) if (who.textContent === NAMELESS) who.textContent = agent;
}

/** The assistant is back: what an earlier line offers, the way back to it among that, is over. */
function leaveOptions() {
  for (const old of byId("said").querySelectorAll("li:not(:last-child) .option:enabled")) old.disabled = true;
}
