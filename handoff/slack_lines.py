"""What the desk says in Slack, as arguments of its methods: nothing in others' words is live (H52, C61, C62)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from handoff.buttons import held_block
from handoff.case import Thread
from handoff.document import Summary
from handoff.evidence import MessagePart
from handoff.markup import escaped, one_line, visible
from handoff.posts import ThreadPost, Whisper
from handoff.transcript import cut

PAGE_CHARS = 2800
"""Of one section (3000), with room for who speaks."""
TEXT_CHARS = 3900
"""Of a message without blocks (4000)."""
OPENING_CHARS = 8000
"""Of the last messages below a card: all blocks of a message have 12,000 (C62)."""
LATE_AFTER_S = 60.0
"""From when on a line says how late it is (H65)."""

_SPEAKERS = {"customer": "Customer", "bot": "Assistant"}
"""Whose words carry a name; agents' own and the desk's need none."""
_WHO = {**_SPEAKERS, "agent": "Agent", "system": "Desk"}
_NOTHING = "(no text)"
_LINE_CHARS = 1000
_QUOTE = "> "

Body = dict[str, Any]


def as_written(body: Mapping[str, Any]) -> Body:
    """The same, so that Slack makes nothing of the words that we did not (H52)."""
    return {**body, "unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}


def link(thread: Thread, words: str) -> str:
    """A link to a thread, made of ids alone. Source: Slack docs, "Deep linking"; a client that does not know
    `message_ts` opens the channel."""
    query = urlencode({"team": thread.team, "channel": thread.channel, "message_ts": thread.ts})
    return f"<https://slack.com/app_redirect?{query.replace('&', '&amp;')}|{words}>"


def lateness(since: datetime, now: datetime) -> str:
    """`3 min late`, "" while it is not worth a word."""
    late_s = (now - since).total_seconds()
    if late_s <= LATE_AFTER_S:
        return ""
    minutes = int(late_s // 60)
    return f"{minutes} min late" if minutes < 120 else f"{minutes // 60} h late"


def pages_of(post: ThreadPost) -> list[str]:
    """A line's words, a page for each message. A customer's lines, if they are several, are quoted one by one: none of
    them can look like one of ours."""
    words = visible(post.text).strip() or _NOTHING
    lines = words.splitlines()
    if len(words) <= _LINE_CHARS and len(lines) == 1:
        return [words]
    quote = _QUOTE if post.who in _SPEAKERS else ""
    return list(_packed(quote + piece for line in lines for piece in _pieces(line)))


def thread_line(post: ThreadPost, page: str, *, first: bool, call: str, late: str) -> Iterator[Body]:
    """One page as a message, then smaller ones should that be too large. `call` are mentions, put before the first."""
    return _message(call, _spoken(_SPEAKERS.get(post.who, ""), late, page)) if first else _message("", page)


def parent_line(case: str, earlier: Thread) -> Iterator[Body]:
    """The parent of a thread that goes on somewhere else (H64)."""
    return _message(f"Case `{escaped(case, 80)}`, continued from {link(earlier, 'an earlier thread')}.")


def pointer_line(case: str, thread: Thread) -> Iterator[Body]:
    """The second ping, in a channel of its own."""
    return _message(f"Case `{escaped(case, 80)}` waits for somebody. {link(thread, 'Open it')}.")


def moved_card(queue: str, thread: Thread) -> Body:
    """What is left of a card whose case went to another queue: no buttons."""
    name = escaped(one_line(queue), 80)
    return as_written(_marked(f"*Moved to {name}.* {link(thread, 'It goes on here')}."))


def continued(earlier: Thread) -> Body:
    """A block that says where the case was before."""
    return {"type": "context", "elements": [_mrkdwn(f"Continued from {link(earlier, 'an earlier thread')}.")]}


def opening(summary: Summary, *, earlier: Thread | None, call: str, late: str) -> Iterator[Body]:
    """The first reply below a card: whom it calls, where it was before, and the last messages (H78)."""
    before = f"Continued from {link(earlier, 'an earlier thread')}." if earlier else ""
    lines, room = list[str](), OPENING_CHARS
    for message in reversed(summary.messages):
        line = _told(message)
        room -= len(line)
        if room < 0:
            break
        lines.insert(0, line)
    return _message("\n".join(filter(None, (call, before, late and f"Posted {late}."))), *_packed(lines))


def no_file(name: str, reason: str) -> Iterator[Body]:
    """Instead of a file that Slack did not take."""
    return _message("", f"{name} could not be attached: {reason}")


def whisper(post: Whisper) -> Body:
    """What one agent sees, with the choice about held words (H45)."""
    words = cut(visible(post.text).strip() or _NOTHING, PAGE_CHARS)
    blocks = [_plain(words)]
    if post.held:
        blocks.append(held_block(post.case, post.version, post.held))
    return {
        "user": post.agent,
        "text": escaped(words, TEXT_CHARS),
        "blocks": blocks,
        "link_names": False,
        "parse": "none",
    }


def _message(head: str, *pages: str) -> Iterator[Body]:
    """Ours as markup, others' as plain text; then all of it as bare text."""
    whole = _marked(head, *pages)
    yield as_written(whole)
    yield as_written({"text": whole["text"], "mrkdwn": False})


def _marked(head: str, *pages: str) -> Body:
    blocks = [*([_section(head)] if head else []), *map(_plain, pages)]
    words = escaped("\n".join(pages), TEXT_CHARS - len(head)) if pages else ""
    return {"text": "\n".join(filter(None, (head, words))), "blocks": blocks}


def _spoken(who: str, late: str, page: str) -> str:
    said = " ".join(filter(None, (who, late and f"({late})")))
    if not said:
        return page
    gap = "\n" if page.startswith(_QUOTE) else " "
    return f"{said}:{gap}{page}" if who else f"{said}{gap}{page}"


def _told(message: MessagePart) -> str:
    words = one_line(visible(message.text)) or "(attachment)"
    return cut(f"{_WHO[message.who]}: {words}", PAGE_CHARS)


def _packed(lines: Iterable[str]) -> Iterator[str]:
    """The lines on as few pages as they need."""
    page = list[str]()
    for line in lines:
        if page and sum(map(len, page)) + len(page) + len(line) > PAGE_CHARS:
            yield "\n".join(page)
            page = []
        page.append(line)
    yield "\n".join(page)


def _pieces(line: str) -> Iterator[str]:
    """A long line as several, cut at a space where there is one."""
    while len(line) > _LINE_CHARS:
        end = line.rfind(" ", _LINE_CHARS // 2, _LINE_CHARS) + 1 or _LINE_CHARS
        yield line[:end]
        line = line[end:]
    yield line


def _section(text: str) -> Body:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Body:
    return {"type": "mrkdwn", "text": text}


def _plain(text: str) -> Body:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}
