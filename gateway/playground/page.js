// The page: a session, the line, and the panels that follow what is heard.

import { showWith } from "./answering.js";
import { clearChat, hear, offer, openChat, showTyping } from "./chat.js";
import { lookNow, openDesk } from "./desk.js";
import { openDiagram, follow } from "./diagram.js";
import { byId } from "./dom.js";
import { beginSession, listen } from "./wire.js";
import { showDetails } from "./panel.js";

const LINKS = { connected: "connected", reconnecting: "reconnecting…" };
let asking = false;
let askAgain = false;

async function start() {
  openViews();
  openChat();
  openShop();
  openDesk({ changed: () => byId("link").dataset.link === "connected" && refresh() });
  for (let wait = 500; ; wait = Math.min(wait * 2, 15_000)) {
    try {
      await beginSession();
      break;
    } catch {
      linked("reconnecting");
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  listen({ heard, linked, another: clearChat });
}

async function openShop() {
  const demo = await fetch("/playground/demo").then((answer) => (answer.ok ? answer.json() : null), () => null);
  offer({ openers: demo?.openers ?? [], orders: demo?.orders ?? [] });
  openDiagram(demo?.flows ?? []);
}

function heard({ event, data }) {
  if (event === "typing") return showTyping();
  if (event !== "message") return;
  hear(JSON.parse(data));
  if (document.body.dataset.view !== "chat") document.querySelector("[data-show=chat]").classList.add("unread");
  refresh();
  lookNow();
}

/** Ask for the state as it is now; questions that come while one is under way become one more. */
async function refresh() {
  askAgain = asking;
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch("/playground/state", { cache: "no-store" });
    if (answer.ok) {
      const state = await answer.json();
      follow(state);
      showDetails(state);
      showWith(state);
    }
  } catch {
    // The stream says that the connection is gone; the state is asked for again when it is back.
  }
  asking = false;
  if (askAgain) refresh();
}

function linked(word) {
  const link = byId("link");
  if (link.dataset.link === word) return;
  link.dataset.link = word;
  link.textContent = LINKS[word];
  if (word === "connected") refresh();
}

/** Where there is no room for all panels at once, the buttons say which is in sight; between phone and desktop the
 * chat always is, and the flow has its details beside it. */
function openViews() {
  const between = matchMedia("(min-width: 761px) and (max-width: 1140px)");
  const settle = () => between.matches && document.body.dataset.view !== "desk" && show("flow");
  for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => show(button.dataset.show));
  between.addEventListener("change", settle);
  settle();
}

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", button.dataset.show === view);
    if (button.dataset.show === view) button.classList.remove("unread");
  }
}

start();
