// The kinds of findings that are shown are part of the page's address; choosing them reloads nothing.

const form = document.querySelector("form.kinds");
if (form) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => {
    const asked = new URLSearchParams(new FormData(form));
    history.replaceState(null, "", `${location.pathname}?${asked}${location.hash}`);
  });
}
