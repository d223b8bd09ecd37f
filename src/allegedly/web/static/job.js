// A job's page is fetched again until it is over; without script the page reloads itself.

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
let pause = 700;

while (document.querySelector("#job progress")) {
  await wait(document.hidden ? 5000 : pause);
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) break;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, now] = [document.getElementById("job"), page.getElementById("job")];
    if (!now) break;
    const focused = old.contains(document.activeElement) && document.activeElement.matches("button");
    if (old.innerHTML !== now.innerHTML) old.replaceWith(document.adoptNode(now));
    if (focused) document.querySelector("#job button")?.focus();
    pause = Math.min(pause * 1.1, 3000);
  } catch {
    pause = 5000; // the server may come back
  }
}
