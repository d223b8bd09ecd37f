// The queue by keyboard: a, r, e, u act on the finding that j and k have come to. Without script its buttons do the same.

const said = document.getElementById("said");
document.getElementById("keys").hidden = false;

const items = () => [...document.querySelectorAll(".finding[data-item]")];
const current = () => document.querySelector(".finding.at") ?? document.activeElement?.closest(".finding") ?? items()[0];

function go(item) {
  document.querySelector("[data-item].at")?.classList.remove("at");
  if (!item) return;
  item.classList.add("at");
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function show(item, row) {
  const badge = item.querySelector("[data-review]");
  badge.className = `review ${row.review}`;
  badge.textContent = row.review;
  item.classList.toggle("decided", row.review !== "unreviewed");
  item.querySelector("[value=unreviewed]").hidden = row.review === "unreviewed";
  const line = document.createElement("li");
  const words = row.review === "unreviewed" ? "taken back" : row.review;
  line.textContent = `${words} by ${row.by}, ${row.made.slice(0, 16).replace("T", " ")}${row.note ? `: ${row.note}` : ""}`;
  const history = item.querySelector("[data-history]");
  for (const one of history.children) one.className = "gone";
  history.append(line);
  item.querySelector("[name=note]").value = "";
  said.textContent = `${row.kind} ${words}`;
}

async function decide(item, form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const row = await answer.json();
    if (answer.ok) {
      show(item, row);
      if (row.review !== "unreviewed") go(items()[items().indexOf(item) + 1] ?? item);
    } else said.textContent = `${row.detail} ${row.advice}`;
    said.classList.toggle("hidden", answer.ok);
  } catch {
    said.textContent = "The server could not be reached: nothing was decided.";
    said.classList.remove("hidden");
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  const item = event.target.closest(".finding");
  if (!item || !event.submitter?.value) return;
  event.preventDefault();
  decide(item, event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, textarea, select")) return;
  const button = current()?.querySelector(`[data-do="${CSS.escape(event.key)}"]`);
  if (!button || button.hidden || !"areu".includes(event.key)) return;
  event.preventDefault();
  button.click();
});
