// Follows the room: the server says when something has changed, and the page is fetched and put in place of this one. Each
// choice is sent at once and again until it has arrived. Without this script the page is a plain form that comes anew.
(() => {
  const main = document.getElementById("q"), room = () => document.getElementById("room");
  const pause = (least, more) => new Promise((done) => setTimeout(done, least + more * Math.random()));
  let source = null, queue = [], sending = false, looking = false, again = false, delay = 500;

  const tell = (words, wait) => {
    const line = document.getElementById("state");
    if (line) { line.textContent = words; line.classList.toggle("wait", wait); }
  };
  // whatever: also when it is the same page with another content
  const show = (text, whatever) => {
    const page = new DOMParser().parseFromString(text, "text/html"), fresh = page.getElementById("room"), now = room();
    const moved = !fresh || fresh.dataset.mark !== now.dataset.mark, id = (document.activeElement || {}).id;
    if (!moved && !whatever) { now.dataset.revision = fresh.dataset.revision; return; }
    main.innerHTML = page.getElementById("q").innerHTML; document.title = page.title;
    if (moved) { scrollTo(0, 0); const title = main.querySelector("h1"); if (title) title.focus(); }
    else if (id) {
      // the last dot disables the button that was pressed: its neighbour takes one back
      const at = document.getElementById(id);
      const next = at && [at, at.previousElementSibling, at.nextElementSibling].find((one) => one && one.matches("button:enabled"));
      if (next) next.focus();
    }
    if (!room() || !room().dataset.events) { if (source) source.close(); source = null; }
  };
  // never over what has not arrived yet
  const look = async () => {
    if (looking || queue.length) { again = true; return; }
    looking = true;
    do {
      again = false;
      try { show(await (await fetch(room().dataset.root, {cache: "no-store"})).text()); }
      catch { again = true; await pause(1000, 3000); }
    } while (again && !queue.length && room());
    looking = false;
  };
  const listen = () => {
    if (!room() || !room().dataset.events) return;
    source = new EventSource(room().dataset.events);
    source.onmessage = async ({data}) => {
      const [revision, voted] = data.split(" "), count = document.getElementById("voted");
      if (count) count.textContent = voted;
      if (!room() || revision === room().dataset.revision) return;
      await pause(0, 300);
      look();
    };
    source.onerror = async () => { if (source && source.readyState === 2) { await pause(2000, 4000); listen(); } };
  };
  const send = async () => {
    if (sending) return;
    sending = true;
    while (queue.length) {
      const {body, pressed} = queue[0];
      try {
        const reply = await fetch(room().dataset.root, {method: "POST", body});
        if (reply.status >= 500 || reply.status === 429) throw 0;
        const text = await reply.text();
        queue.shift(); delay = 500;
        if (reply.status === 422) tell(room().dataset.refused, true);
        else if (pressed && !queue.length) show(text, true);
        else tell("✓ " + room().dataset.saved, false);
      } catch { tell("◌ " + room().dataset.waiting, true); await pause(delay, delay); delay = Math.min(2 * delay, 8000); }
    }
    sending = false;
    if (again) look();
  };
  const put = (form, button) => {
    const body = new URLSearchParams(new FormData(form));
    if (button && button.name) body.append(button.name, button.value);
    // what waits of a form holds all of it, so the last one is enough; each dot is one of its own
    if (!(button && button.name)) queue = queue.filter((one, place) => place === 0 && sending);
    queue.push({body, pressed: !!button}); tell(room().dataset.saving, false); send();
  };
  main.addEventListener("change", ({target}) => { if (target.form && target.form.id === "vote") put(target.form); });
  main.addEventListener("submit", (event) => { event.preventDefault(); put(event.target, event.submitter); });
  listen();
})();
