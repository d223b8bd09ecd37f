// What script adds to pictures: what a mark stands for is read out below it, arrows go from mark to mark, and the slider needs no button.

const LABEL = "[aria-label]";

function read(figure, mark) {
  const out = figure.querySelector("[data-readout]");
  if (out) out.textContent = mark?.getAttribute("aria-label") ?? "";
}

// One mark of a picture is a tab stop; arrow keys go through the others.
function rove(picture) {
  const marks = [...picture.querySelectorAll(`a${LABEL}`)];
  marks.forEach((mark, place) => mark.setAttribute("tabindex", place ? "-1" : "0"));
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const place = marks.indexOf(document.activeElement);
    if (!step || place < 0) return;
    event.preventDefault();
    const next = marks[(place + step + marks.length) % marks.length];
    marks.forEach((mark) => mark.setAttribute("tabindex", mark === next ? "0" : "-1"));
    next.focus();
  });
}

function prepare(within) {
  for (const figure of within.querySelectorAll(".figure")) {
    figure.querySelectorAll("svg.picture").forEach(rove);
    figure.addEventListener("pointerover", (event) => read(figure, event.target.closest(`a${LABEL}`)));
    figure.addEventListener("focusin", (event) => read(figure, event.target.closest(`a${LABEL}`)));
  }
}
prepare(document);

// The slider: the same page is asked for, and what is drawn is put in the place of what was.
const slider = document.querySelector("[data-slider]");
if (slider) {
  const words = [...document.querySelectorAll("#moments option")].map((option) => option.label);
  const out = document.querySelector("[data-moment]");
  const { form } = slider;
  let waiting;
  let asked = 0;
  const address = () => `${location.pathname}?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""))}`;
  async function show() {
    const mine = ++asked;
    const to = address();
    const answer = await fetch(to);
    if (mine !== asked || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = page.getElementById("drawn");
    if (mine !== asked || !drawn) return;
    document.getElementById("drawn").replaceWith(drawn);
    prepare(drawn);
    history.replaceState(null, "", to);
  }
  slider.addEventListener("input", () => {
    out.textContent = words[slider.value] ?? "";
    slider.setAttribute("aria-valuetext", out.textContent);
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
  slider.addEventListener("change", (event) => event.stopPropagation());
}
