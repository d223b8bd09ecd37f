// What script adds to every page: the choice of colours, and moving by keyboard. Pages work without it.

const root = document.documentElement;
const theme = document.getElementById("theme");
const kept = localStorage.getItem("theme") ?? "";
root.dataset.theme = kept;
if (theme) {
  theme.hidden = false;
  const chosen = theme.querySelector(`input[value="${kept === "light" || kept === "dark" ? kept : ""}"]`);
  chosen.checked = true;
  theme.addEventListener("change", (event) => {
    root.dataset.theme = event.target.value;
    localStorage.setItem("theme", event.target.value);
  });
}

// Items are what j and k go through; Enter opens the first link of one.
const items = () => [...document.querySelectorAll("[data-item]")].filter((one) => one.checkVisibility());
const current = () => document.querySelector("[data-item].at");

function move(step) {
  const all = items();
  const place = all.indexOf(current());
  const next = all[Math.min(Math.max(place + step, 0), all.length - 1)];
  if (!next) return;
  current()?.classList.remove("at");
  next.classList.add("at");
  next.scrollIntoView({ block: "nearest" });
  const link = next.matches("a, button, [tabindex]") ? next : next.querySelector("a, button");
  link?.focus({ preventScroll: true });
}

const typing = (where) => where.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    document.activeElement?.blur();
    current()?.classList.remove("at");
    return;
  }
  if (typing(event.target)) return;
  const keyed = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "?") location.assign("/help");
  else if (keyed) keyed.matches("input, textarea, select") ? (keyed.focus(), keyed.select?.()) : keyed.click();
  else return;
  event.preventDefault();
});

// Filters take effect as they are chosen.
for (const form of document.querySelectorAll("form[data-live]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
