// 小地图: drawn when it comes into sight, so that a page that nobody scrolls down loads no map.
(() => {
  "use strict";
  const loading = new Map();

  const script = (address) => {
    if (!loading.has(address)) loading.set(address, new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = address;
      element.addEventListener("load", done);
      element.addEventListener("error", failed);
      document.head.append(element);
    }));
    return loading.get(address);
  };
  const styles = (addresses) => Promise.all(addresses.split(" ").map((address) => {
    if (!loading.has(address)) loading.set(address, new Promise((done) => {
      const element = document.createElement("link");
      element.rel = "stylesheet";
      element.href = address;
      element.addEventListener("load", done);
      element.addEventListener("error", done);
      document.head.append(element);
    }));
    return loading.get(address);
  }));

  const neighbours = async (map, data) => {
    const answer = await fetch(data.near);
    if (!answer.ok) return;
    const { cases } = await answer.json();
    for (const one of cases) {
      const title = `#${one.id} ${one.category} ${one.status}，${one.metres}米`;
      const pin = L.marker(one.at, { icon: window.ground.pin(one.lamp), title, keyboard: false });
      pin.on("click", () => { location.href = data.cases + one.id; }).addTo(map);
    }
    const words = document.createElement("span");
    words.className = "minimap-words";
    words.textContent = cases.length ? `200米内另有${cases.length}件未结` : "200米内没有别的未结案件";
    map.getContainer().append(words);
  };

  const draw = async (element) => {
    const data = element.dataset, at = data.at.split(",").map(Number);
    try {
      await Promise.all([styles(data.styles), script(data.leaflet)]);
      await script(data.drawing);
      if (!element.isConnected) return;
      element.querySelector("p").remove();
      const map = window.ground.make(element, { scrollWheelZoom: false }).setView(at, 16);
      L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
      if (data.tiles) window.ground.tiles(data.tiles).addTo(map);
      L.circle(at, { radius: 200, className: "minimap-round", interactive: false }).addTo(map);
      L.circleMarker(at, { radius: 9, className: "minimap-here", interactive: false }).addTo(map);
      await window.ground.draw(map, data.ground);
      if (data.near) await neighbours(map, data);
    } catch {
      element.classList.add("minimap-failed");
    }
  };

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); }
  }, { rootMargin: "100px" });
  const look = (root) => { for (const element of root.querySelectorAll("[data-minimap]:not([data-known])")) { element.dataset.known = "1"; seen.observe(element); } };
  look(document);
  document.body.addEventListener("htmx:load", (event) => look(event.target.parentElement || document));
})();
