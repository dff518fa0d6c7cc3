// 今日: what is new marks itself and is said once; the tab's title counts what burns.
(() => {
  "use strict";
  const names = (tile) => new Set([...tile.querySelectorAll("[data-case]")].map((line) => line.dataset.case));
  const known = new Map([...document.querySelectorAll(".tile")].map((tile) => [tile.id, names(tile)]));
  const title = document.title.replace(/^\(\d+\) /, "");
  const asof = document.getElementById("asof");
  let fresh = [];
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    const tile = event.detail.target;
    if (tile.id === "hot") {
      const hot = Number(tile.dataset.hot);
      document.title = hot ? `(${hot}) ${title}` : title;
      return;
    }
    const before = known.get(tile.id) || new Set();
    const at = document.getElementById(tile.id);
    if (!at) return;
    at.querySelectorAll("[data-case]").forEach((line) => {
      if (before.has(line.dataset.case)) return;
      line.classList.add("fresh");
      fresh.push(at.querySelector("h2").innerText.replace(/\s+/g, " "));
    });
    known.set(tile.id, new Set([...before, ...names(at)]));
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "tiles" || !event.detail.successful) return;
    const at = new Date(event.detail.xhr.getResponseHeader("Date") || Date.now());
    if (asof) asof.textContent = at.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: asof.dataset.zone });
    if (!fresh.length) return;
    window.say(`新的：${[...new Set(fresh)].join("；")}`);
    fresh = [];
  });
  // Whoever comes back to the tab wants to see what is, not what was.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) window.htmx.trigger("#tiles", "back");
  });
})();
