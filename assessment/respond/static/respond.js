// Saves each choice at once. Answers wait on the phone, under the id of the response, until the server has said that
// they are on disk; sending one twice changes nothing. Without this script the page is a plain form.
(() => {
  const form = document.getElementById("answers"), state = document.getElementById("state");
  let store = null;
  try { store = localStorage; } catch {}
  if (!form) {
    // the answers are erased: leave nothing on the phone either
    Object.keys(store || {}).filter((name) => name.startsWith("sf:")).forEach((name) => store.removeItem(name));
    return;
  }
  const words = form.dataset, key = "sf:" + words.answer;
  let waiting = {}, keeps = !!store, sending = false, down = false, delay = 1000, timer = 0, held = false, button = null, passing = false;

  const keep = () => {
    try { Object.keys(waiting).length ? store.setItem(key, JSON.stringify(waiting)) : store.removeItem(key); }
    catch { keeps = false; }
  };
  const inputs = (item) => [...form.elements].filter((field) => field.name === item);
  const mark = (item, said) => {
    const field = inputs(item)[0];
    if (field) field.closest("fieldset").querySelector("i").textContent = said && "· " + said;
  };
  const tell = () => {
    const items = Object.keys(waiting), wait = down && (held || items.length > 0);
    const said = wait ? "◌ " + (keeps ? words.waiting : words.keep) : items.length ? words.saving : "✓ " + words.saved;
    items.forEach((item) => mark(item, down ? "◌ " + words.held : words.saving));
    if (state.textContent !== said) state.textContent = said;
    state.classList.toggle("wait", wait);
  };
  // the status of the reply, 0 when there is none
  const ask = async (address, options) => {
    const limit = new AbortController(), clock = setTimeout(() => limit.abort(), 10000);
    try { return (await fetch(address, {...options, signal: limit.signal})).status; }
    catch { return 0; }
    finally { clearTimeout(clock); }
  };
  const later = () => {
    down = true; sending = false; tell();
    timer = setTimeout(send, delay); delay = Math.min(delay * 2, 15000);
  };

  // one at a time and in order, so that the last choice is what stands
  const send = async () => {
    clearTimeout(timer);
    if (sending) return;
    sending = true;
    let item;
    while ((item = Object.keys(waiting)[0])) {
      const value = waiting[item];
      const status = await ask("save", {
        method: "POST", headers: {"Content-Type": "application/json"}, keepalive: true,
        body: JSON.stringify({item, value, page: +words.page}),
      });
      if (!status || status >= 500 || status === 408 || status === 429) return later();
      down = false; delay = 1000;
      // closed, revoked or erased elsewhere: nothing more can be sent, and the page itself says why
      if (status !== 200 && status !== 422) { waiting = {}; keep(); location.reload(); return; }
      if (waiting[item] === value) { delete waiting[item]; keep(); mark(item, status === 200 ? "✓ " + words.saved : words.refused); }
    }
    if (held && !(await ask("", {method: "HEAD", cache: "no-store"}))) return later();
    down = false; sending = false; tell();
    if (held) { held = false; passing = true; form.requestSubmit(button); }
  };

  try { waiting = JSON.parse(store.getItem(key)) || {}; } catch {}
  for (const [item, value] of Object.entries(waiting)) inputs(item).forEach((field) => { field.checked = field.value === value; });
  if (Object.keys(waiting).length) { down = !navigator.onLine; tell(); send(); }

  form.addEventListener("change", ({target: {name, value}}) => {
    delete waiting[name]; waiting[name] = value; keep();
    down = down || !navigator.onLine;
    tell(); send();
  });
  // without a network the next page cannot come but the browser's own error page would: wait here instead
  form.addEventListener("submit", (event) => {
    if (passing || (!down && navigator.onLine)) return;
    event.preventDefault();
    held = true; button = event.submitter; down = true; tell(); send();
  });
  addEventListener("online", () => { delay = 1000; send(); });
  addEventListener("offline", () => { if (Object.keys(waiting).length) { down = true; tell(); } });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Object.keys(waiting).length) send(); });
})();
