// 热力: a canvas over the map; each spot is a soft disc, discs add up, and the sum gets a colour.
(() => {
  "use strict";
  const RADIUS = 30;
  // From few to many; dark enough at the end to be told apart without colours.
  const STEPS = [[255, 237, 160], [254, 178, 76], [240, 80, 40], [128, 0, 60]];

  const palette = () => {
    const colours = new Uint8ClampedArray(256 * 4);
    for (let n = 0; n < 256; n += 1) {
      const at = (n / 255) * (STEPS.length - 1), low = Math.min(Math.floor(at), STEPS.length - 2), part = at - low;
      for (let c = 0; c < 3; c += 1) colours[n * 4 + c] = STEPS[low][c] * (1 - part) + STEPS[low + 1][c] * part;
      colours[n * 4 + 3] = Math.min(n * 2.6, 205);
    }
    return colours;
  };

  const disc = () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = RADIUS * 2;
    const brush = canvas.getContext("2d"), shade = brush.createRadialGradient(RADIUS, RADIUS, 0, RADIUS, RADIUS, RADIUS);
    shade.addColorStop(0, "rgba(0,0,0,1)");
    shade.addColorStop(0.4, "rgba(0,0,0,.55)");
    shade.addColorStop(1, "rgba(0,0,0,0)");
    brush.fillStyle = shade;
    brush.fillRect(0, 0, RADIUS * 2, RADIUS * 2);
    return canvas;
  };

  const Heat = L.Layer.extend({
    onAdd(map) {
      this.spots = [];
      this.colours = palette();
      this.disc = disc();
      // Over the shapes, under the names.
      const pane = map.getPane("heat") || map.createPane("heat");
      pane.classList.add("map-heats");
      this.canvas = L.DomUtil.create("canvas", "map-heat leaflet-zoom-hide", pane);
      map.on("moveend resize", this.draw, this);
    },
    onRemove(map) {
      this.canvas.remove();
      map.off("moveend resize", this.draw, this);
    },
    show(spots) {
      this.spots = spots;
      this.draw();
    },
    draw() {
      const map = this._map, size = map.getSize(), canvas = this.canvas;
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      canvas.width = size.x;
      canvas.height = size.y;
      if (!this.spots.length || !size.x || !size.y) return;
      const brush = canvas.getContext("2d", { willReadFrequently: true });
      const most = Math.max(...this.spots.map((spot) => spot[2]));
      for (const [lat, lon, count] of this.spots) {
        const at = map.latLngToContainerPoint([lat, lon]);
        // By the root: one very bad corner must not make the rest of the city look clean.
        brush.globalAlpha = Math.max(0.06, Math.sqrt(count / most) * 0.6);
        brush.drawImage(this.disc, at.x - RADIUS, at.y - RADIUS);
      }
      const picture = brush.getImageData(0, 0, size.x, size.y), pixels = picture.data;
      for (let n = 3; n < pixels.length; n += 4) {
        const sum = pixels[n];
        if (sum) pixels.set(this.colours.subarray(sum * 4, sum * 4 + 4), n - 3);
      }
      brush.putImageData(picture, 0, 0);
    },
  });

  window.heatLayer = () => new Heat();
})();
