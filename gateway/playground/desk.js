// The agent's side: the cases of the desk, the one that is open, and when to look again.

import { byId, make, readable } from "./dom.js";
import { closeForm, showCard, showStanding } from "./deskcase.js";
import { openThread, showThread } from "./deskthread.js";
import { time } from "./lines.js";

const PACE_MS = 1_000; // while somebody is waited for
const IDLE_MS = 10_000; // for cases that came by another channel
const AFTER_MS = [150, 450]; // what was done is seen at once

let elsewhere = false; // agents of this gateway work in another place
let chosen = ""; // the case that is open
let rows = [];
let known = new Map(); // what was shown last, as the gateway wrote it
let timer;
let looking = false;
let lookAgain = false;
let moved = () => {};

/** Show the desk, if this gateway has it on the page; `changed()` is told whenever something in it is another. */
export function openDesk({ changed }) {
  moved = changed;
  openThread({ send: act });
  document.addEventListener("visibilitychange", lookNow);
  lookNow();
}

/** Something happened that may have made a case. */
export function lookNow() {
  if (document.hidden) clearTimeout(timer);
  else if (!elsewhere) look();
}

/** Do something with the open case: {text} or {action, value, inputs}, under `id`. Gives null, or why it was not taken. */
export async function act(id, what) {
  let answer;
  try {
    answer = await fetch(address(chosen), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id, ...what }),
    });
  } catch {
    return { because: "Not sent: no connection.", again: true };
  }
  for (const after of [0, ...AFTER_MS]) setTimeout(lookNow, after);
  if (answer.ok) return null;
  const told = await answer.json().catch(() => null);
  return { because: `Not done: ${told?.error ?? `the desk answered ${answer.status}`}.`, again: answer.status === 429 || answer.status >= 500 };
}

/** Look once; looks that are asked for meanwhile become one more. */
async function look() {
  lookAgain = looking;
  if (looking) return;
  looking = true;
  clearTimeout(timer);
  const changed = await lookAtList();
  if (!elsewhere) {
    if ((await lookAtCase()) || changed) moved();
    const open = rows.some((row) => row.open);
    if (!document.hidden) timer = setTimeout(look, open ? PACE_MS : IDLE_MS);
  }
  looking = false;
  if (lookAgain) look();
}

async function lookAtList() {
  const list = await news("", "/playground/desk");
  if (!list) return false;
  elsewhere = !list.on;
  if (!elsewhere) showList(list);
  return true;
}

async function lookAtCase() {
  const id = chosen;
  const view = id && (await news(id, address(id)));
  if (!view || id !== chosen) return false;
  showCase(view);
  return true;
}

/** What an address says, unless it says what it said before or cannot be asked. */
async function news(key, url) {
  try {
    const answer = await fetch(url, { cache: "no-store" });
    const text = answer.ok ? await answer.text() : "";
    if (!text || known.get(key) === text) return null;
    known.set(key, text);
    return JSON.parse(text);
  } catch {
    return null; // the line to the gateway says that it is gone
  }
}

function showList({ agent, cases }) {
  const fresh = cases.filter((row) => row.open && !rows.some((old) => old.id === row.id && old.open));
  rows = cases;
  document.body.dataset.desk = "on";
  byId("desk").hidden = byId("show-desk").hidden = false;
  byId("desk-who").textContent = `You are ${agent}`;
  byId("no-cases").hidden = cases.length > 0;
  byId("cases").hidden = cases.length === 0;
  const current = cases.find((row) => row.id === chosen);
  if (!current?.open && fresh.length) choose(fresh[0].id);
  else if (!current) choose(cases[0]?.id ?? "");
  else drawList();
  if (fresh.length) unread();
}

function drawList() {
  const [list, held] = [byId("cases"), document.activeElement?.dataset?.case];
  list.replaceChildren(...rows.map(item));
  if (held) list.querySelector(`[data-case="${CSS.escape(held)}"]`)?.focus();
}

function item(row) {
  const when = time(row.since ?? "").firstChild;
  const words = [row.why, row.queue === "default" ? "" : readable(row.queue), row.priority === "normal" ? "" : readable(row.priority)].filter(Boolean).join(" · ");
  const button = make(
    "button",
    { type: "button", class: "pick", "data-case": row.id, "aria-current": String(row.id === chosen), on: { click: () => choose(row.id) } },
    make("b", {}, row.title),
    make("span", { class: "badge", "data-case-state": row.open ? (row.owner === "agent" ? "with" : "waits") : "closed" }, readable(row.state)),
    make("span", { class: "about" }, words),
    when ? make("span", { class: "when" }, row.open ? "since " : "closed ", when) : null,
  );
  return make("li", {}, button);
}

function choose(id) {
  if (chosen !== id) {
    closeForm();
    known.delete(id);
    byId("case").hidden = true;
  }
  chosen = id;
  drawList();
  if (id) lookNow();
}

function showCase(view) {
  byId("case").hidden = false;
  showStanding(view, act);
  showCard(view, address(view.case.id));
  if (showThread(view)) unread();
}

function unread() {
  if (document.body.dataset.view !== "desk") byId("show-desk").classList.add("unread");
}

function address(id) {
  return `/playground/desk/${encodeURIComponent(id)}`;
}
