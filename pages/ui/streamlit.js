<script>
// Streamlit says lang="en" on every page and leaves dialogs outside the theme; both are mended here. Run again on every
// change of page or step: a new step starts at its top with the heading in focus, as a new page would.
(() => {
  const lang = "{language}", step = "{step}";
  const root = document.documentElement, app = document.querySelector(".stApp"), main = document.querySelector(".stMain");
  root.lang = lang;
  const follow = () => { root.style.colorScheme = getComputedStyle(app).colorScheme; };
  follow();
  if (!window.salgsflytFollows) { window.salgsflytFollows = new MutationObserver(follow); window.salgsflytFollows.observe(app, {attributes: true, attributeFilter: ["class"]}); }
  // names that Streamlit has in English only
  const words = {words};
  const rename = () => { for (const [selector, label] of Object.entries(words)) document.querySelectorAll(selector).forEach((e) => { if (e.getAttribute("aria-label") !== label) e.setAttribute("aria-label", label); }); };
  rename();
  // a label's markup is read aloud as it is written: "... ? :small[the help]"
  const plain = () => document.querySelectorAll('[role="radiogroup"][aria-label*=":small["]').forEach((e) => e.setAttribute("aria-label", e.getAttribute("aria-label").replace(/ ?:small\[(.*)\]$/, " $1")));
  plain();
  clearInterval(window.salgsflytNames); window.salgsflytNames = setInterval(() => { rename(); plain(); }, 1000);
  if (window.salgsflytStep !== undefined && window.salgsflytStep !== step) {
    main.scrollTo({top: 0});
    const heading = document.querySelector(".stMain h1");
    if (heading) { heading.tabIndex = -1; heading.focus({preventScroll: true}); }
  }
  window.salgsflytStep = step;
  // After a lost connection Streamlit shows what it had and a new session drops the first click: what was chosen would look
  // chosen and not be saved. The page starts again from disk, where it was. (Begin has nothing on disk yet, only typed words.)
  if (!window.salgsflytLink) {
    let lost = false;
    window.salgsflytLink = new MutationObserver(() => {
      const linked = app.getAttribute("data-test-connection-state") === "CONNECTED";
      if (linked && lost && !document.querySelector(".st-key-begin_organisation")) { sessionStorage.setItem("salgsflytTop", String(document.querySelector(".stMain").scrollTop)); location.reload(); }
      lost = !linked;
    });
    window.salgsflytLink.observe(app, {attributes: true, attributeFilter: ["data-test-connection-state"]});
    const top = sessionStorage.getItem("salgsflytTop");
    if (top !== null) { sessionStorage.removeItem("salgsflytTop"); main.scrollTo({top: Number(top)}); }
  }
})();
</script>
