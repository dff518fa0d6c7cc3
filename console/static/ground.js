// 底图: districts, names and pins, for the big map and the small ones. Nothing of it comes from another host.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const fetched = new Map();

  const load = (address) => {
    if (!fetched.has(address)) fetched.set(address, fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).catch((error) => { fetched.delete(address); throw error; }));
    return fetched.get(address);
  };

  // A lamp's shape; the symbols stand in the page (templates/map/shapes.html).
  const shape = (lamp, mostly) => {
    const svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
    svg.setAttribute("class", `shape shape-${lamp}${mostly ? " mostly" : ""}`);
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `#shape-${lamp}`);
    svg.append(use);
    return svg;
  };

  const short = (n) => (n < 10000 ? String(n) : `${(n / 10000).toFixed(n < 100000 ? 1 : 0)}万`);

  // A pin: a shape, and on clusters a number and how many of them are overdue.
  const pin = (lamp, count = 1, late = 0) => {
    const html = document.createElement("div");
    html.append(shape(lamp, count === 1 || late * 3 >= count));
    if (count > 1) {
      const words = document.createElement("span");
      words.textContent = short(count);
      html.append(words);
      if (lamp === "overdue" && late < count) {
        const more = document.createElement("small");
        more.textContent = `逾${short(late)}`;
        words.append(more);
      }
    }
    const size = count === 1 ? 22 : count < 10 ? 34 : count < 100 ? 42 : count < 1000 ? 50 : 58;
    const solid = late * 3 >= count ? " pin-solid" : "";
    return L.divIcon({ html, className: count === 1 ? "pin" : `pin pin-many${solid}`, iconSize: [size, size] });
  };

  // Names that fit: what is nearer to the middle first, none over another.
  const names = (map, known) => {
    const layer = L.layerGroup().addTo(map);
    const draw = () => {
      layer.clearLayers();
      const zoom = map.getZoom(), bounds = map.getBounds().pad(0.1), taken = [];
      for (const [name, lat, lon, from, kind] of known) {
        if (taken.length >= 70 || zoom < from || (kind === "district" && zoom > 12) || !bounds.contains([lat, lon])) continue;
        const at = map.latLngToContainerPoint([lat, lon]), wide = name.length * 13 + 8;
        if (taken.some((other) => Math.abs(other.at.x - at.x) < (other.wide + wide) / 2 && Math.abs(other.at.y - at.y) < 20)) continue;
        taken.push({ at, wide });
        const words = document.createElement("span");
        words.textContent = name;
        const icon = L.divIcon({ html: words, className: `map-name map-name-${kind}`, iconSize: [wide, 18] });
        L.marker([lat, lon], { icon, interactive: false, keyboard: false, pane: "names" }).addTo(layer);
      }
    };
    map.on("zoomend moveend", draw);
    draw();
  };

  const middle = (rings) => {
    const bounds = L.latLngBounds(rings.reduce((a, b) => (a.length > b.length ? a : b)));
    return bounds.getCenter();
  };

  const draw = async (map, address) => {
    const ground = await load(address);
    // Under the pins but over the shapes, and never in the way of a finger.
    map.createPane("names").classList.add("map-names");
    const known = [];
    const districts = new Map();
    for (const { code, name, rings } of ground.districts) {
      const area = L.polygon(rings, { className: "district", interactive: false }).addTo(map).bringToBack();
      districts.set(code, area.getBounds());
      const at = middle(rings);
      known.push([name, at.lat, at.lng, 0, "district"]);
    }
    known.push(...ground.names.map(([name, lat, lon, from]) => [name, lat, lon, from, from >= 14 ? "landmark" : "street"]));
    names(map, known);
    return { districts, streets: ground.streets };
  };

  const tiles = (address) => L.tileLayer(address, { maxZoom: 19 });

  // A map as we have them all: no outside attribution, our own words on its buttons.
  const make = (element, options) => {
    const map = L.map(element, { attributionControl: false, zoomControl: false, minZoom: 7, maxZoom: 19, ...options });
    L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小", position: "topright" }).addTo(map);
    return map;
  };

  window.ground = { draw, load, make, pin, shape, short, tiles };
})();
