// 公开页: draw boxes, look at the result, publish it, take it back. The server checks everything again.
// Boxes are fractions of the picture, so that screens of any size mean the same place.
(function () {
  "use strict";

  var LEAST = 0.012; // a little more than the server's, which rounds
  var STEP = 0.01;
  var MOST = 100;
  var by = function (id) { return document.getElementById(id); };
  var data = document.body.dataset;
  var words = JSON.parse(data.words);
  var stage = by("stage");
  var boxes = []; // {x, y, width, height, node}
  var proposals = [];
  var seen = "";
  var resultUrl = "";

  function say(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }

  function complain(text) {
    by("problem").textContent = text || "";
    by("problem").hidden = !text;
    if (text) { by("problem").scrollIntoView({ block: "nearest" }); }
  }

  function between(low, value, high) { return Math.max(low, Math.min(high, value)); }

  function place(node, box) {
    node.style.left = box.x * 100 + "%";
    node.style.top = box.y * 100 + "%";
    node.style.width = box.width * 100 + "%";
    node.style.height = box.height * 100 + "%";
    // At the lower edge the button would hang out of the picture.
    node.classList.toggle("low", box.y + box.height > 0.82 && box.y > 0.15);
  }

  function child(parent, kind, name) {
    var node = document.createElement(kind);
    node.className = name;
    parent.appendChild(node);
    return node;
  }

  // ---- boxes

  function addBox(box) {
    if (boxes.length >= MOST) { return null; }
    box.node = child(stage, "div", "box");
    box.node.tabIndex = 0;
    box.node.setAttribute("role", "group");
    ["nw", "ne", "sw", "se"].forEach(function (corner) { child(box.node, "i", corner).dataset.corner = corner; });
    var remove = child(box.node, "button", "");
    remove.type = "button";
    remove.textContent = words.remove;
    remove.addEventListener("click", function () { removeBox(box); });
    box.node.addEventListener("keydown", function (event) { onKey(event, box); });
    boxes.push(box);
    place(box.node, box);
    changed();
    return box;
  }

  function removeBox(box) {
    box.node.remove();
    boxes = boxes.filter(function (other) { return other !== box; });
    changed();
  }

  function choose(box) {
    boxes.forEach(function (other) { other.node.classList.toggle("now", other === box); });
  }

  function changed() {
    seen = "";
    boxes.forEach(function (box, n) { box.node.setAttribute("aria-label", say(words.box, { n: n + 1 })); });
    by("count").textContent = boxes.length ? say(words.boxes, { count: boxes.length }) : "";
    by("nothing").disabled = boxes.length > 0;
    if (boxes.length) { by("nothing").checked = false; }
    by("nothing").parentNode.classList.toggle("off", boxes.length > 0);
    by("clear").disabled = !boxes.length;
    by("look").disabled = !boxes.length && !by("nothing").checked;
  }

  function onKey(event, box) {
    var moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.target !== box.node) { return; }
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      removeBox(box);
    } else if (moves[event.key]) {
      event.preventDefault();
      var by = moves[event.key];
      if (event.shiftKey) {
        box.width = between(LEAST, box.width + by[0] * STEP, 1 - box.x);
        box.height = between(LEAST, box.height + by[1] * STEP, 1 - box.y);
      } else {
        box.x = between(0, box.x + by[0] * STEP, 1 - box.width);
        box.y = between(0, box.y + by[1] * STEP, 1 - box.height);
      }
      place(box.node, box);
      changed();
    }
  }

  // ---- mouse and touch

  var drag = null; // {box, corner, from, start}

  function at(event) {
    var area = stage.getBoundingClientRect();
    return {
      x: between(0, (event.clientX - area.left) / area.width, 1),
      y: between(0, (event.clientY - area.top) / area.height, 1)
    };
  }

  function corners(one, other) {
    return {
      x: Math.min(one.x, other.x), y: Math.min(one.y, other.y),
      width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y)
    };
  }

  function owner(node) {
    return boxes.filter(function (box) { return box.node.contains(node); })[0];
  }

  function begin(event) {
    if (event.button > 0 || event.target.tagName === "BUTTON" || event.target.classList.contains("proposal")) { return; }
    if (drag) { return; } // a second finger
    var box = owner(event.target), from = at(event), corner = event.target.dataset.corner;
    drag = { id: event.pointerId, box: box, corner: corner, from: from };
    if (box) {
      drag.start = { x: box.x, y: box.y, width: box.width, height: box.height };
      // The corner that stays where it is.
      if (corner) {
        drag.from = { x: box.x + (/e/.test(corner) ? 0 : box.width), y: box.y + (/s/.test(corner) ? 0 : box.height) };
      }
      choose(box);
      box.node.focus({ preventScroll: true });
    } else {
      choose(null);
      if (document.activeElement && document.activeElement.blur) { document.activeElement.blur(); }
    }
    stage.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  function move(event) {
    if (!drag || event.pointerId !== drag.id) { return; }
    var to = at(event), box = drag.box;
    if (!box) {
      // Not before it is clear that something is meant: a tap beside a box only puts it down.
      var drawn = corners(drag.from, to);
      if (drawn.width < LEAST || drawn.height < LEAST) { return; }
      box = drag.box = addBox(drawn);
      drag.corner = "new";
      if (box) { choose(box); }
    } else if (drag.corner) {
      var grown = corners(drag.from, to);
      box.x = Math.min(grown.x, 1 - LEAST);
      box.y = Math.min(grown.y, 1 - LEAST);
      box.width = Math.max(LEAST, grown.width);
      box.height = Math.max(LEAST, grown.height);
    } else {
      box.x = between(0, drag.start.x + to.x - drag.from.x, 1 - box.width);
      box.y = between(0, drag.start.y + to.y - drag.from.y, 1 - box.height);
    }
    if (box) { place(box.node, box); changed(); }
  }

  function end(event) {
    if (!drag || event.pointerId !== drag.id) { return; }
    if (drag.box && drag.corner === "new") { drag.box.node.focus({ preventScroll: true }); }
    drag = null;
  }

  stage.addEventListener("pointerdown", begin);
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);

  // ---- proposals

  function propose(found) {
    found.forEach(function (numbers, n) {
      var box = { x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3] };
      var node = child(stage, "div", "proposal");
      node.tabIndex = 0;
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", say(words.suggestion, { n: n + 1 }));
      place(node, box);
      var proposal = { node: node, accept: function () { forget(proposal); choose(addBox(box)); } };
      node.addEventListener("click", proposal.accept);
      node.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); proposal.accept(); }
      });
      proposals.push(proposal);
    });
    by("accept").hidden = !proposals.length;
  }

  function forget(proposal) {
    proposal.node.remove();
    proposals = proposals.filter(function (other) { return other !== proposal; });
    by("accept").hidden = !proposals.length;
  }

  function lookForProposals() {
    fetch(data.token + "/proposals", { credentials: "omit" }).then(function (answer) {
      return answer.ok ? answer.json() : { available: false, boxes: [] };
    }).then(function (told) {
      by("hint").textContent = told.boxes.length ? words.found : told.available ? words.found_none : words.by_hand;
      propose(told.boxes);
    }).catch(function () { by("hint").textContent = words.by_hand; });
  }

  // ---- asking the server

  function post(step, more) {
    var body = {
      token: data.token,
      boxes: boxes.map(function (box) { return [box.x, box.y, box.width, box.height]; }),
      nothing_to_hide: by("nothing").checked
    };
    Object.keys(more || {}).forEach(function (name) { body[name] = more[name]; });
    complain("");
    return fetch(step, {
      method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body)
    }).catch(function () { throw new Error(words.lost); }).then(function (answer) {
      if (answer.ok) { return answer; }
      return answer.json().catch(function () { return { problem: words.lost }; }).then(function (told) {
        throw new Error(told.problem);
      });
    });
  }

  function busy(button, work) {
    var label = button.textContent;
    button.disabled = true;
    button.textContent = words.working;
    return work().catch(function (error) { complain(error.message); }).then(function () {
      button.disabled = false;
      button.textContent = label;
    });
  }

  function show(section) {
    by("drawing").hidden = section !== "drawing";
    by("looking").hidden = section !== "looking";
  }

  function showAddress(address) {
    // Without web.public_url it is a path of the host this page came from.
    by("address").value = address ? new URL(address, location.href).href : "";
    by("public").hidden = !address;
  }

  function preview() {
    return post("preview").then(function (answer) {
      var name = answer.headers.get("X-Picture");
      return answer.blob().then(function (blob) {
        if (resultUrl) { URL.revokeObjectURL(resultUrl); }
        resultUrl = URL.createObjectURL(blob);
        by("result").src = resultUrl;
        seen = name;
        show("looking");
        by("looking").scrollIntoView();
      });
    });
  }

  function publish() {
    return post("confirm", { seen: seen }).then(function (answer) { return answer.json(); }).then(function (told) {
      by("withdrawn").hidden = true;
      showAddress(told.address);
      show("drawing");
      window.scrollTo(0, 0);
    });
  }

  var sure = by("withdraw");
  function unsure() {
    sure.classList.remove("sure");
    sure.textContent = words.withdraw;
  }

  function withdraw() {
    if (!sure.classList.contains("sure")) {
      sure.classList.add("sure");
      sure.textContent = words.withdraw_sure;
      setTimeout(unsure, 5000);
      return;
    }
    unsure();
    busy(sure, function () {
      return post("withdraw").then(function () {
        showAddress("");
        by("withdrawn").hidden = false;
      });
    });
  }

  function copyAddress() {
    var field = by("address"), button = by("copy");
    var told = function (done) {
      button.textContent = done ? words.copied : words.copy_failed;
      setTimeout(function () { button.textContent = words.copy_address; }, 2000);
    };
    field.focus();
    field.setSelectionRange(0, field.value.length);
    // WeChat's browser has no clipboard for pages on plain http.
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(field.value).then(function () { told(true); }, function () { told(false); });
    } else {
      told(document.execCommand("copy"));
    }
  }

  by("add").addEventListener("click", function () {
    var box = addBox({ x: 0.4, y: 0.4, width: 0.2, height: 0.15 });
    if (box) { choose(box); box.node.focus({ preventScroll: true }); }
  });
  by("accept").addEventListener("click", function () {
    proposals.slice().forEach(function (proposal) { proposal.accept(); });
    choose(null);
  });
  by("clear").addEventListener("click", function () { boxes.slice().forEach(removeBox); });
  by("nothing").addEventListener("change", changed);
  by("look").addEventListener("click", function () { busy(by("look"), preview).then(function () { if (!seen) { changed(); } }); });
  by("back").addEventListener("click", function () { complain(""); show("drawing"); });
  by("confirm").addEventListener("click", function () { busy(by("confirm"), publish); });
  by("copy").addEventListener("click", copyAddress);
  sure.addEventListener("click", withdraw);

  JSON.parse(data.boxes).forEach(function (numbers) {
    addBox({ x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3] });
  });
  showAddress(data.address);
  changed();
  lookForProposals();
})();
