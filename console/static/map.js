// 地图: what of the city is on the screen, asked for again whenever the screen moves. The address is what is shown.
(() => {
  "use strict";
  const element = document.getElementById("map");
  const form = document.querySelector("[data-map-form]");
  const list = document.querySelector("[data-list]");
  const { data, say } = { data: element.dataset, say: window.say || (() => {}) };
  const one = (selector) => document.querySelector(selector);
  const every = (selector) => [...document.querySelectorAll(selector)];
  const numbers = (said) => said.split(",").map(Number);
  const box = ([south, west, north, east]) => L.latLngBounds([south, west], [north, east]);

  const map = window.ground.make(element, { preferCanvas: false, zoomSnap: 1, keyboardPanDelta: 120 });
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  const shown = L.layerGroup().addTo(map);
  const marks = L.layerGroup().addTo(map);
  const heat = window.heatLayer ? window.heatLayer() : null;
  let places = { districts: new Map(), streets: {} };
  let asking = null, waiting = 0, opener = null;

  // ---- what is asked for
  const asked = () => {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim() && !(name === "layer" && value === "points")) values.append(name, value.trim());
    return values;
  };
  const layer = () => form.elements.layer.value;
  const here = () => {
    const { lat, lng } = map.getCenter();
    return `${lat.toFixed(5)},${lng.toFixed(5)},${map.getZoom()}`;
  };
  const bbox = (bounds) => [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()].join(",");
  const address = (path, bounds) => {
    const values = asked();
    values.set("bbox", bbox(bounds));
    values.set("zoom", map.getZoom());
    return `${path}?${values}`;
  };
  const remember = () => {
    const values = asked();
    values.set("at", here());
    history.replaceState(null, "", `${location.pathname}?${values.toString().replaceAll("%2C", ",")}`);
  };

  // ---- fetching: the newest question counts, the others are dropped
  const get = async (path, signal, live) => {
    const answer = await fetch(path, { signal, headers: live ? { "X-Live": "1" } : {} });
    if (answer.redirected || answer.status === 401) { location.reload(); throw new DOMException("", "AbortError"); }
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  };
  const refresh = async (live = false) => {
    if (asking) asking.abort();
    const mine = asking = new AbortController();
    const bounds = map.getBounds();
    remember();
    element.setAttribute("aria-busy", "true");
    try {
      const sources = { points: data.points, heat: data.heat, recurrence: data.recurrences };
      const answers = await Promise.all([
        get(address(sources[layer()], bounds), mine.signal, live).then((answer) => answer.json()),
        get(address(data.listFrom, bounds), mine.signal, live).then((answer) => answer.text()),
      ]);
      drawings[layer()](answers[0]);
      fill(answers[1]);
      document.body.classList.remove("lost");
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error.message === "400") say("这样的筛选不行：已办结的案件要给上报日期，一次最多三个月。");
      else { document.body.classList.add("lost"); say("网络不通，地图没有更新。"); }
    } finally {
      if (asking === mine) element.setAttribute("aria-busy", "false");
    }
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(refresh, 180); };

  // ---- drawing
  const total = (words, n) => {
    one("[data-total]").textContent = n.toLocaleString("zh-CN");
    one("[data-total-words]").textContent = words;
  };
  const marker = (at, icon, title) => L.marker(at, { icon, title, keyboard: false, riseOnHover: true });
  const bare = () => { shown.clearLayers(); if (heat) heat.show([]); };
  const points = (answer) => {
    bare();
    for (const many of answer.clusters) {
      const pin = marker(many.at, window.ground.pin(many.lamp, many.n, many.of_worst), `${many.n}件`);
      pin.on("click", () => into(many)).addTo(shown);
    }
    for (const point of answer.points) {
      const pin = marker(point.at, window.ground.pin(point.lamp), `#${point.id} ${point.category} ${point.status} ${point.left}`);
      pin.on("click", () => card(point.id, point.at)).addTo(shown);
    }
    for (const button of every("[data-lamp]")) button.querySelector("[data-lamp-count]").textContent = answer.lamps[button.dataset.lamp].toLocaleString("zh-CN");
    total("件在视野内", answer.total);
  };
  const warmth = (answer) => {
    bare();
    const most = Math.max(0, ...answer.spots.map((spot) => spot[2]));
    heat.show(answer.spots);
    one("[data-heat-words]").textContent = most ? `最密的一格${most}件` : "没有这样的案件";
    total("件在视野内", answer.spots.reduce((sum, spot) => sum + spot[2], 0));
  };
  const again = (answer) => {
    bare();
    for (const place of answer.places) {
      for (const [, lat, lon] of place.again) L.polyline([place.at, [lat, lon]], { className: "again-line", interactive: false }).addTo(shown);
    }
    for (const place of answer.places) {
      L.circleMarker(place.at, { radius: Math.min(11 + 3 * place.times, 32), className: "again" }).on("click", () => story(place)).addTo(shown);
      const words = document.createElement("span");
      words.textContent = `×${place.times}`;
      L.marker(place.at, { icon: L.divIcon({ html: words, className: "again-times", iconSize: [34, 20] }), interactive: false, keyboard: false }).addTo(shown);
    }
    one("[data-recurrence-words]").textContent = answer.places.length ? `最多的一处回来${answer.places[0].times}次` : "视野内没有反弹";
    total("处反弹在视野内", answer.places.length);
  };
  const drawings = { points, heat: warmth, recurrence: again };

  // ---- the list beside the map
  const fill = (html) => {
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.open || "" : null;
    list.innerHTML = html;
    if (focused === null) return;
    (list.querySelector(`[data-open="${CSS.escape(focused)}"]`) || list).focus({ preventScroll: true });
  };
  const mark = (at) => {
    marks.clearLayers();
    if (at) L.circleMarker(at, { radius: 17, className: "map-mark", interactive: false }).addTo(marks);
  };
  const step = (by) => {
    const lines = [...list.querySelectorAll("[data-open]")];
    if (!lines.length) return;
    const at = lines.indexOf(document.activeElement);
    lines[at < 0 ? 0 : Math.min(Math.max(at + by, 0), lines.length - 1)].focus();
  };
  const lineOf = (event) => event.target.closest("[data-open]");
  list.addEventListener("focusin", (event) => { const line = lineOf(event); if (line) mark(numbers(line.dataset.at)); });
  list.addEventListener("mouseover", (event) => { const line = lineOf(event); if (line) mark(numbers(line.dataset.at)); });
  list.addEventListener("mouseleave", () => mark(null));
  document.addEventListener("click", (event) => {
    const line = lineOf(event);
    if (!line) return;
    opener = list.contains(line) ? line.dataset.open : opener;
    card(line.dataset.open, numbers(line.dataset.at), event.detail === 0);
  });

  // ---- popups: a case, a heap of cases on one spot, a place where it came back
  const popup = L.popup({ maxWidth: 320, minWidth: 240, autoPanPaddingTopLeft: [16, 64], autoPanPaddingBottomRight: [56, 16] });
  const open = (at, content, takesFocus) => {
    popup.setLatLng(at).setContent(content).openOn(map);
    const button = popup.getElement().querySelector(".leaflet-popup-close-button");
    if (button) { button.setAttribute("aria-label", "关闭"); button.title = "关闭"; }
    if (takesFocus) { const first = popup.getElement().querySelector("a.button, button"); if (first) first.focus({ preventScroll: true }); }
  };
  const fragment = async (path, at, takesFocus) => {
    try {
      const content = document.createElement("div");
      content.innerHTML = await (await get(path)).text();
      const picture = content.querySelector("img");
      if (picture) picture.addEventListener("error", () => picture.remove());
      open(at, content, takesFocus);
    } catch (error) { if (error.name !== "AbortError") say("没有取到，请再试。"); }
  };
  const card = (id, at, takesFocus) => { mark(at); return fragment(data.card.replace(/0$/, id), at, takesFocus); };
  const into = (many) => {
    const bounds = box(many.box);
    const [a, b] = [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => map.project(at, map.getMaxZoom()));
    if (map.getZoom() < map.getMaxZoom() && a.distanceTo(b) > 30) { map.fitBounds(bounds, { padding: [80, 80] }); return; }
    // However near one looks, these lie on one spot.
    fragment(address(data.listFrom, bounds), many.at);
  };
  const story = (place) => {
    const content = document.createElement("div"), title = document.createElement("p");
    title.textContent = `这里的问题回来了${place.times}次`;
    const links = [place.first, ...place.again.map(([id]) => id).reverse()].map((id, n) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = data.case + id;
      link.textContent = `#${id}`;
      item.append(n ? `第${n}次反弹 ` : "最早 ", link);
      return item;
    });
    const all = document.createElement("ul");
    all.append(...links);
    content.append(title, all);
    open(place.at, content);
  };
  map.on("popupclose", () => {
    marks.clearLayers();
    const line = opener && list.querySelector(`[data-open="${CSS.escape(opener)}"]`);
    opener = null;
    if (line && (document.activeElement === document.body || element.contains(document.activeElement))) line.focus({ preventScroll: true });
  });

  // ---- filters, layers, tools
  const streets = () => {
    const district = form.elements.district, street = form.elements.street;
    const name = district.value && district.selectedOptions[0].textContent;
    for (const group of street.querySelectorAll("optgroup")) group.hidden = group.disabled = Boolean(name) && group.label !== name;
    if (street.value && street.selectedOptions[0].parentElement.disabled) street.value = "";
  };
  const told = () => {
    const given = [...asked().keys()].filter((name) => name !== "layer");
    one("[data-filter-count]").textContent = given.length ? `（${given.length}项）` : "";
    const [since, until] = [form.elements.from.value, form.elements.to.value];
    one("[data-period]").textContent = since || until ? `${since || until} 至 ${until || "今天"} 上报的，含已结` : form.elements.status.value ? "" : "未结案件";
    for (const button of every("[data-lamp]")) button.setAttribute("aria-pressed", String(button.dataset.lamp === form.elements.lamp.value));
    for (const button of every("[data-layer]")) button.setAttribute("aria-pressed", String(button.dataset.layer === layer()));
    for (const legend of every("[data-legend]")) legend.hidden = legend.dataset.legend !== layer();
  };
  const go = (bounds) => map.fitBounds(bounds, { padding: [10, 10], maxZoom: 16 });
  const whole = () => go(box(numbers(data.extent || data.city)));
  const territory = () => places.streets[form.elements.street.value] ? box(places.streets[form.elements.street.value]) : places.districts.get(form.elements.district.value);
  const changed = (event) => {
    const name = event.target.name;
    // The closed cases of all years are too many; a month of them is what most want.
    if (name === "status" && ["closed", "rejected"].includes(event.target.value) && !form.elements.from.value) form.elements.from.value = form.elements.from.dataset.monthAgo;
    streets();
    told();
    map.closePopup();
    if ((name === "district" || name === "street") && territory()) go(territory());
    soon();
  };
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => { event.preventDefault(); changed({ target: { name: "" } }); });
  one("[data-clear]").addEventListener("click", () => {
    for (const field of form.elements) if (field.name && field.name !== "layer") field.value = "";
    changed({ target: { name: "" } });
  });
  for (const button of every("[data-lamp]")) button.addEventListener("click", () => {
    form.elements.lamp.value = button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.lamp;
    changed({ target: { name: "lamp" } });
  });
  for (const button of every("[data-layer]")) button.addEventListener("click", () => {
    form.elements.layer.value = button.dataset.layer;
    changed({ target: { name: "layer" } });
  });
  one("[data-whole]").addEventListener("click", whole);
  one("[data-share]").addEventListener("click", async () => {
    remember();
    try { await navigator.clipboard.writeText(location.href); say("链接已复制，对方按自己的权限看到同一画面。"); } catch { say("请复制地址栏里的链接，它就是当前画面。"); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "m") element.focus();
    else if (event.key === "Escape") map.closePopup();
    else return;
    event.preventDefault();
  });

  // ---- begin
  if (data.tiles) {
    const background = window.ground.tiles(data.tiles).addTo(map);
    one("[data-tiles-on]").addEventListener("change", (event) => { if (event.target.checked) background.addTo(map); else background.remove(); });
  }
  if (heat) heat.addTo(map);
  const start = (new URLSearchParams(location.search).get("at") || "").split(",").map(Number);
  const isPlace = start.length === 3 && start.every(Number.isFinite) && Math.abs(start[0]) <= 85 && Math.abs(start[1]) <= 180;
  if (isPlace) map.setView([start[0], start[1]], Math.min(Math.max(start[2], 7), 19)); else whole();
  if (matchMedia("(min-width: 761px)").matches) one("[data-filters]").open = true;
  streets();
  told();
  window.ground.draw(map, data.ground).then((found) => {
    places = found;
    if (!isPlace && territory()) go(territory());
  }).catch(() => say("没有取到区县边界。"));
  // The legend below it on a phone is not always equally high.
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(element);
  map.on("moveend", soon);
  refresh();
  setInterval(() => { if (!document.hidden) refresh(true); }, 60000);
})();
