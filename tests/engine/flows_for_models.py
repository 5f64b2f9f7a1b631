"""Small flows with slots of one name, shared or not, for what a model proposes."""

from __future__ import annotations

from tests.engine.talk import flow

HOTEL = flow("""
frontdesk: 1
flow: hotel
title: Find a hotel
triggers: [hotel]
slots:
  city: {type: text, scope: travel, label: city}
  nights: {type: integer, label: nights}
states:
  where: {prompt: "Which city?", slot: city, next: long}
  long: {prompt: "How many nights?", slot: nights, next: done}
  done: {prompt: "Here is a hotel in {{ city }}.", terminal: true}
""")
TABLE = flow("""
frontdesk: 1
flow: table
title: Book a table
triggers: [table]
slots:
  city: {type: text, scope: travel, label: city}
  guests: {type: integer, label: guests}
  remarks: {type: text, label: remarks}
states:
  where: {prompt: "Table in which city?", slot: city, next: many}
  many: {prompt: "How many guests?", slot: guests, next: say}
  say: {prompt: "Any remarks?", slot: remarks, next: done}
  done: {prompt: "A table in {{ city }} for {{ guests }}: {{ remarks }}", terminal: true}
""")
TAXI = flow("""
frontdesk: 1
flow: taxi
title: Call a taxi
triggers: [taxi]
slots:
  city: {type: text, label: city}
  pin: {type: text, pattern: '\\d{6}', sensitive: true, label: pin}
  shared: {type: boolean, label: shared}
states:
  where: {prompt: "Taxi in which city?", slot: city, next: key}
  key: {prompt: "Your PIN?", slot: pin, next: with}
  with: {prompt: "Is sharing it all right?", slot: shared, branches: {yes: done, no: alone}}
  done: {prompt: "A shared taxi in {{ city }}.", terminal: true}
  alone: {prompt: "A taxi in {{ city }}.", terminal: true}
""")
SIGHTS = flow("""
frontdesk: 1
flow: sights
title: See a place
triggers: [sights]
slots:
  kind: {type: enum, values: {museum: [], park: [gardens]}, scope: sights, label: kind}
  day: {type: date, label: day}
states:
  what: {prompt: "Which kind of place?", slot: kind, next: when}
  when: {prompt: "Which day?", slot: day, next: done}
  done: {prompt: "A {{ kind }} on {{ day }}.", terminal: true}
""")
SHOWS = flow("""
frontdesk: 1
flow: shows
title: See a show
triggers: [shows]
slots:
  kind: {type: enum, values: {theatre: [], music: []}, label: kind}
  day: {type: text, label: day}
states:
  what: {prompt: "Which kind of show?", slot: kind, next: when}
  when: {prompt: "Which evening?", slot: day, next: done}
  done: {prompt: "{{ kind }} on {{ day }}.", terminal: true}
""")
