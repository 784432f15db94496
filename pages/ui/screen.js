<script>
// A projector has no scroll wheel: what is taller than the screen is drawn smaller until it fits, once it has stopped
// growing. Never larger: a chart measures its place as it looks, and would be drawn over what stands beside it.
// Run again whenever the room moves: {drawn}.
(() => {
  const main = document.querySelector(".stMain"), block = document.querySelector(".stMainBlockContainer");
  if (!main || !block) return;
  let zoom = 1, before = 0;
  const draw = (share) => { zoom = share; block.style.zoom = share; before = 0; };
  draw(1);
  clearInterval(window.salgsflytFit);
  window.salgsflytFit = setInterval(() => {
    if (!document.querySelector(".st-key-screen")) { draw(1); clearInterval(window.salgsflytFit); return; }
    const height = main.scrollHeight, fits = main.clientHeight / height;
    if (height === before && fits < 0.995 && zoom > 0.5) draw(Math.max(0.5, zoom * fits));
    else before = height;
  }, 250);
  window.onresize = () => draw(1);
})();
</script>
