// The flow's picture: drawn by the gateway, lit here; the current state, the path walked and its edges.

import { byId, make, readable } from "./dom.js";

const NARROW_PX = 520;
const canvas = byId("canvas");
const picker = byId("flows");
const pictures = new Map(); // url -> promise of SVG text
let standing = null;
let drawn = "";

/** Fill the list of flows and show the first, unlit, until a conversation is in one. */
export function openDiagram(flows) {
  picker.replaceChildren(...flows.map(({ name, title }) => make("option", { value: name }, title)));
  picker.addEventListener("change", show);
  new ResizeObserver(show).observe(canvas);
  show();
}

/** Follow the conversation: its flow is chosen, its path and state are lit. */
export function follow(state) {
  const moved = JSON.stringify([state.flow, state.path]) !== JSON.stringify([standing?.flow, standing?.path]);
  standing = state;
  if (state.flow && moved) choose(state.flow, state.title);
  show();
}

function choose(flow, title) {
  if (![...picker.options].some((option) => option.value === flow)) picker.append(make("option", { value: flow }, title || flow));
  picker.value = flow;
}

async function show() {
  const flow = picker.value;
  if (!flow || canvas.clientWidth === 0) return;
  const url = `/playground/diagram/${encodeURIComponent(flow)}.svg${canvas.clientWidth < NARROW_PX ? "?room=narrow" : ""}`;
  if (url !== drawn) {
    const text = await picture(url);
    if (flow !== picker.value) return;
    const parsed = text && new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    canvas.replaceChildren(parsed ? document.importNode(parsed, true) : make("p", { class: "none" }, "This flow cannot be drawn right now."));
    drawn = text ? url : "";
  }
  light();
}

function picture(url) {
  const fetched = () =>
    fetch(url)
      .then((answer) => (answer.ok ? answer.text() : ""))
      .catch(() => "")
      .then((text) => {
        if (!text) pictures.delete(url);
        return text;
      });
  if (!pictures.has(url)) pictures.set(url, fetched());
  return pictures.get(url);
}

function light() {
  const live = standing && standing.flow === picker.value;
  const path = live ? standing.path : [];
  const current = live ? (standing.state ?? path.at(-1)) : null;
  const steps = new Set(path.slice(1).map((state, place) => `${path[place]}>${state}`));
  const lastStep = path.length > 1 ? `${path.at(-2)}>${path.at(-1)}` : "";
  for (const state of canvas.querySelectorAll("[data-state]")) {
    const name = state.dataset.state;
    state.classList.toggle("walked", path.includes(name));
    state.classList.toggle("now", name === current);
    state.classList.toggle("ended", name === current && Boolean(standing.outcome));
  }
  for (const line of canvas.querySelectorAll("path[data-from]")) {
    const step = `${line.dataset.from}>${line.dataset.to}`;
    line.parentNode.classList.toggle("walked", steps.has(step));
    line.parentNode.classList.toggle("taken", step === lastStep);
  }
  canvas.classList.toggle("live", Boolean(live));
  tell(live, current);
  bringIntoSight(canvas.querySelector(".now"));
}

function tell(live, current) {
  const where = byId("where");
  if (!live) where.textContent = standing?.flow ? "Not the flow of this conversation." : "Nothing under way. Say something, and the way taken lights up.";
  else where.textContent = standing.outcome ? `Ended at ${readable(current)}: ${standing.outcome.replaceAll("_", " ")}.` : `Now at ${readable(current)}.`;
}

function bringIntoSight(state) {
  if (!state) return;
  const [box, frame] = [state.getBoundingClientRect(), canvas.getBoundingClientRect()];
  if (box.top >= frame.top && box.bottom <= frame.bottom) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  canvas.scrollBy({ top: box.top - frame.top - (frame.height - box.height) / 2, behavior: calm ? "auto" : "smooth" });
}
