// The wire to the web channel: a session, messages out, the stream in; it comes back by itself when it drops.

const SILENCE_MS = 45_000; // the stream sends a comment each 15 s (C93)
const STEADY_MS = 5_000; // a stream that lived this long was not refused
const BACK_OFF_MS = 500;
const BACK_OFF_MAX_MS = 15_000;

let beginning = null; // the session that is being asked for: two at once would be two people
let following = null; // the stream that is open
let last = ""; // the newest event that was heard of this session
let renewed = () => {};

/** Make sure of a session (C90); whoever asks meanwhile shares the answer. Throws when the gateway gives none. */
export function beginSession() {
  beginning ??= begin().finally(() => (beginning = null));
  return beginning;
}

async function begin() {
  const answer = await fetch("/web/session", { method: "POST" });
  if (!answer.ok) throw new Error(`session: ${answer.status}`);
  if (answer.status !== 201) return;
  last = "";
  following?.abort();
  renewed();
}

/**
 * Post a message, once there is a session; asking again with the same `id` is safe (C91).
 * Gives null when it was taken, else why not: {because, again: may the same be sent again}.
 */
export async function post(message) {
  let answer;
  try {
    await beginning;
    answer = await send(message);
    if (answer.status === 401) {
      await beginSession();
      answer = await send(message);
    }
  } catch {
    return { because: "Not sent: no connection.", again: true };
  }
  if (answer.ok) return null;
  if (answer.status === 429) return { because: `Not sent: too many messages. ${wait(answer)}`, again: true };
  if (answer.status === 413 || answer.status === 422) return { because: "Not sent: too long or not readable.", again: false };
  return { because: `Not sent: the desk answered ${answer.status}.`, again: true };
}

function send(message) {
  return fetch("/web/messages", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
  });
}

function wait(answer) {
  const seconds = Number(answer.headers.get("retry-after"));
  return seconds > 0 ? `Try again in ${seconds} s.` : "Try again in a moment.";
}

/**
 * Listen for ever. `heard(event)` gets {id, event, data} in order, each once; `linked(word)` hears "connected" and
 * "reconnecting"; `another()` is told when ours has become another session, of which nothing was heard yet.
 */
export async function listen({ heard, linked, another }) {
  let tries = 0;
  renewed = another;
  for (;;) {
    const began = performance.now();
    const heardOne = (event) => {
      if (event.id) last = event.id;
      heard(event);
    };
    try {
      await follow(last, heardOne, () => linked("connected"));
    } catch (error) {
      if (error.status === 401) await beginSession().catch(() => {});
    }
    linked("reconnecting");
    if (performance.now() - began > STEADY_MS) tries = 0;
    await pause(Math.min(BACK_OFF_MS * 2 ** tries, BACK_OFF_MAX_MS) * (0.75 + Math.random() / 2));
    tries += 1;
  }
}

async function follow(last, heard, opened) {
  const stop = new AbortController();
  following = stop;
  let watch = setTimeout(() => stop.abort(), SILENCE_MS);
  try {
    const answer = await fetch("/web/events", {
      headers: { accept: "text/event-stream", ...(last && { "last-event-id": last }) },
      cache: "no-store",
      signal: stop.signal,
    });
    if (!answer.ok) throw Object.assign(new Error("events"), { status: answer.status });
    opened();
    const read = reader(heard);
    const stream = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await stream.read();
      if (done) return;
      clearTimeout(watch);
      watch = setTimeout(() => stop.abort(), SILENCE_MS);
      read(value);
    }
  } finally {
    clearTimeout(watch);
  }
}

/** Server-sent events from text as it comes, cut anywhere. */
export function reader(heard) {
  let rest = "";
  return (text) => {
    const blocks = (rest + text).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { id: "", event: "message", data: [] };
      for (const line of block.split("\n")) {
        const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
        if (field === "data") event.data.push(value);
        else if (field === "id" || field === "event") event[field] = value;
      }
      if (event.data.length || event.event !== "message") heard({ ...event, data: event.data.join("\n") });
    }
  };
}

function pause(ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
    addEventListener("online", done);
  });
}
