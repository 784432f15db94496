<script>
// The facilitator's clocks count on in the browser. A step that begins puts the heading in focus, so that the next Tab
// reaches what leads the meeting and not the menu.
(() => {
  const about = {about}, began = Date.now();
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const draw = () => {
    const gone = Math.floor((Date.now() - began) / 1000);
    for (const [name, [seconds, minutes]] of Object.entries(about.clocks)) {
      const place = document.querySelector(`[data-clock="${name}"] b`);
      if (!place) continue;
      const left = minutes * 60 - seconds - gone;
      const said = (left < 0 ? about.over : about.left).replace("#", clock(Math.abs(left))).replace("@", minutes);
      if (place.textContent !== said) place.textContent = said;
    }
  };
  clearInterval(window.salgsflytClock); window.salgsflytClock = setInterval(draw, 1000); draw();
  if (window.salgsflytRoomStep !== about.step) {
    window.salgsflytRoomStep = about.step;
    const heading = document.querySelector(".stMain h1");
    if (heading) { heading.tabIndex = -1; heading.focus({preventScroll: true}); }
  }
})();
</script>
