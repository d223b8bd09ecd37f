
"use strict";
(() => {
  const folded = (note) => note.closest("details:not([open])");
  const filtered = (note) => {
    if (note.closest(".doubtful") && !document.getElementById("show-doubtful").checked) return true;
    const kind = [...note.classList].find((name) => name.startsWith("kind-"));
    const box = document.getElementById(kind.replace("kind-", "show-"));
    return box !== null && !box.checked;
  };
  const reachable = (note) => (folded(note) ? !filtered(note) : note.offsetParent !== null);
  const notes = () => [...document.querySelectorAll(".note")].filter((note) => !folded(note) && note.offsetParent !== null);
  const pieces = new Map();
  for (const piece of document.querySelectorAll("[data-lit]")) {
    for (const part of piece.dataset.lit.split(" ")) {
      if (!part) continue;
      const [ref, role] = part.split(":");
      if (!pieces.has(ref)) pieces.set(ref, []);
      pieces.get(ref).push([piece, role]);
    }
  }
  let chosen = null;
  let pinned = null;

  const dim = () => {
    if (!chosen) return;
    for (const [piece, role] of pieces.get(chosen.id) || []) piece.classList.remove("lit", "lit-" + role);
    chosen.classList.remove("on");
    chosen = null;
  };
  const light = (note) => {
    if (note === chosen) return;
    dim();
    if (!note) return;
    chosen = note;
    note.classList.add("on");
    for (const [piece, role] of pieces.get(note.id) || []) piece.classList.add("lit", "lit-" + role);
  };
  const spot = (note) => document.getElementById("in-" + note.id);
  const toWords = (note) => {
    const place = spot(note);
    if (!place) return;
    pinned = note;
    light(note);
    place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "center" });
  };
  const toNote = (note) => {
    const closed = folded(note);
    if (closed) closed.open = true;
    pinned = note;
    note.focus({ preventScroll: true });
    note.scrollIntoView({ block: "nearest" });
    light(note);
  };
  const step = (by) => {
    const all = notes();
    if (!all.length) return;
    const from = all.indexOf(pinned || document.activeElement);
    let to = from + by;
    if (from < 0) to = by > 0 ? all.findIndex((note) => note.getBoundingClientRect().top > 60) : all.length - 1;
    toNote(all[Math.max(0, Math.min(all.length - 1, to))]);
  };

  const noteAt = (target) => (target instanceof Element ? target.closest(".note") : null);
  const noteOf = (target) => {
    const piece = target instanceof Element ? target.closest("[data-lit]") : null;
    if (!piece) return null;
    const own = piece.id.startsWith("in-") ? document.getElementById(piece.id.slice(3)) : null;
    if (own && reachable(own)) return own;
    const refs = piece.dataset.lit.split(" ").filter(Boolean).map((part) => document.getElementById(part.split(":")[0]));
    return refs.find((note) => note && !folded(note) && reachable(note)) || refs.find((note) => note && reachable(note)) || null;
  };

  document.addEventListener("mouseover", (event) => light(noteAt(event.target) || noteOf(event.target) || pinned));
  document.addEventListener("focusin", (event) => {
    const note = noteAt(event.target);
    if (note) { pinned = note; light(note); }
  });
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const note = noteAt(event.target);
    const from = note ? null : noteOf(event.target);
    if (!note && !from) { if (!event.target.closest(".bar")) { pinned = null; dim(); } return; }
    if (from && String(getSelection())) return;
    event.preventDefault();
    if (note) toWords(note); else toNote(from);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
    const onNote = noteAt(event.target);
    const away = document.activeElement && document.activeElement.id.startsWith("in-") ? pinned : null;
    const key = event.key;
    if (key === "j" || (key === "ArrowDown" && (onNote || away))) step(1);
    else if (key === "k" || (key === "ArrowUp" && (onNote || away))) step(-1);
    else if (key === "o") {
      const all = [...document.querySelectorAll(".more")];
      const open = all.some((more) => !more.open);
      for (const more of all) more.open = open;
    } else if (key === "Enter" && onNote) toWords(onNote);
    else if (key === "Enter" && away) toNote(away);
    else if (key === "Escape" && away) toNote(away);
    else if (key === "Escape") { pinned = null; dim(); if (onNote) onNote.blur(); }
    else return;
    event.preventDefault();
  });
  const named = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)).replace(/^in-/, ""));
    if (place && place.classList.contains("note")) { pinned = place; light(place); }
  };
  window.addEventListener("hashchange", named);
  named();
  for (const keys of document.querySelectorAll(".keys")) keys.hidden = false;
})();
