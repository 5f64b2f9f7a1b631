// A field to write in: it grows with its text, Enter sends, Shift and Enter begins a line.

/** Make the form of a field work; `say(text)` gets what was written, never nothing. */
export function composer(form, field, say) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    fit(field);
    say(text);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  field.addEventListener("input", () => fit(field));
}

/** As high as its text. */
export function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
