// 案件页 in WeChat: the clock, original photos, the phone's place. Without it the forms still work.
(() => {
  "use strict";
  const { address, page } = document.body.dataset;

  // Whoever reloads after a form must not send it again.
  if (location.pathname !== address) history.replaceState(null, "", address);

  // 时限: counts down by the phone's clock, set right by ours when the page came.
  const due = document.querySelector("[data-due]");
  const tick = () => {
    const words = due.dataset, left = Number(words.due) - Date.now() / 1000, all = Math.abs(left);
    const d = Math.floor(all / 86400), h = Math.floor(all / 3600) % 24, m = Math.floor(all / 60) % 60, s = Math.floor(all) % 60;
    const span = d ? d + words.d + h + words.h : h ? h + words.h + m + words.m : m + words.m + s + words.s;
    due.textContent = (left > 0 ? words.left : words.late) + span;
    if (left <= 0) due.dataset.state = "overdue";
  };
  if (due) { tick(); setInterval(tick, 1000); }

  // What cannot be taken back is asked for once more, and nothing goes twice because somebody pressed twice.
  const busy = () => document.querySelector("[data-uploader] progress");
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && button.dataset.sure && !button.dataset.asked) {
      event.preventDefault();
      button.dataset.asked = "1";
      button.textContent = button.dataset.sure;
      return;
    }
    const uploader = event.target.querySelector("[data-uploader]");
    const problem = uploader ? unready(uploader, button) : "";
    if (problem) {
      event.preventDefault();
      hint(uploader, problem);
      return;
    }
    setTimeout(() => document.querySelectorAll("button").forEach((b) => { b.disabled = true; }), 0);
  });
  addEventListener("pageshow", () => document.querySelectorAll("button").forEach((b) => { b.disabled = false; }));

  const unready = (uploader, button) => {
    if (busy()) return uploader.dataset.wordBusy;
    if (uploader.querySelector(".again")) return uploader.dataset.wordFailed;
    const needs = button && button.dataset.needsPhoto;
    return needs && !uploader.querySelector("[data-id]") ? needs : "";
  };
  const hint = (uploader, words, bad = true) => {
    const at = uploader.querySelector("[data-hint]");
    at.textContent = words;
    at.classList.toggle("bad", bad);
    if (bad) at.scrollIntoView({ block: "center" });
  };

  // 上传原图: the file itself, one after the other; a name of its own lets the server know it when it comes again.
  const name = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  const PAUSES = [1000, 3000, 8000];

  const start = (uploader) => {
    const words = uploader.dataset, files = uploader.querySelector("[data-files]"), input = uploader.querySelector("input[type=file]");
    const queue = [];
    let sending = false;

    const count = () => { uploader.querySelector("[data-count]").textContent = `${files.children.length}/${words.most}`; };
    const element = (tag, className, label) => {
      const made = document.createElement(tag);
      if (className) made.className = className;
      if (tag === "button") { made.type = "button"; made.setAttribute("aria-label", label); }
      return made;
    };
    const add = (file) => {
      const item = element("li", "weui-uploader__file"), picture = element("img"), bar = element("progress"), gone = element("button", "remove", words.wordRemove);
      picture.alt = words.wordPhoto;
      picture.src = URL.createObjectURL(file);
      // What this phone cannot draw the server may still take.
      picture.addEventListener("error", () => picture.remove());
      bar.max = 1; bar.value = 0;
      bar.setAttribute("aria-label", words.wordPhoto);
      gone.textContent = "×";
      item.append(picture, bar, gone);
      files.append(item);
      queue.push({ file, item, name: name(), tries: 0 });
      count();
    };
    const next = () => {
      const one = queue[0];
      if (sending || !one) return;
      sending = true;
      send(one);
    };
    const done = () => { sending = false; queue.shift(); next(); };
    const send = (one) => {
      const request = new XMLHttpRequest(), bar = one.item.querySelector("progress");
      one.request = request;
      request.open("POST", words.url);
      request.timeout = 120000;
      request.setRequestHeader("X-Page", page);
      request.setRequestHeader("X-Upload", one.name);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable && bar) bar.value = event.loaded / event.total; });
      request.addEventListener("load", () => {
        const told = request.response || {};
        if (request.status === 200 && told.id) kept(one, told);
        else if (request.status >= 500) lost(one);
        else refused(one, told.problem);
      });
      request.addEventListener("error", () => lost(one));
      request.addEventListener("timeout", () => lost(one));
      request.send(one.file);
    };
    const kept = (one, told) => {
      one.item.querySelector("progress")?.remove();
      const same = files.querySelector(`[data-id="${told.id}"]`);
      if (same && same !== one.item) one.item.remove();
      else one.item.dataset.id = told.id;
      if (!told.exif.time && !told.exif.place) hint(uploader, words.wordPlain, false);
      count();
      done();
    };
    const refused = (one, problem) => {
      one.item.remove();
      count();
      hint(uploader, problem || words.wordLost);
      done();
    };
    const lost = (one) => {
      const pause = PAUSES[one.tries];
      one.tries += 1;
      if (pause !== undefined) {
        setTimeout(() => { if (one.item.isConnected) send(one); else done(); }, pause);
        return;
      }
      one.item.querySelector("progress")?.remove();
      const again = element("button", "again", words.wordLost);
      again.textContent = words.wordLost;
      again.addEventListener("click", () => retry(one, again));
      one.again = again;
      one.item.append(again);
      done();
    };
    const retry = (one, again) => {
      again.remove();
      const bar = element("progress");
      bar.max = 1; bar.value = 0;
      bar.setAttribute("aria-label", words.wordPhoto);
      one.item.append(bar);
      one.tries = 0;
      queue.push(one);
      next();
    };
    addEventListener("online", () => files.querySelectorAll(".again").forEach((button) => button.click()));

    input.addEventListener("change", () => {
      for (const file of input.files) {
        if (file.size > Number(words.bytes)) hint(uploader, words.wordBig);
        else if (files.children.length >= Number(words.most)) hint(uploader, words.wordMany);
        else add(file);
      }
      input.value = "";
      next();
    });

    files.addEventListener("click", (event) => {
      const button = event.target.closest(".remove");
      if (!button) return;
      const item = button.closest("li"), at = queue.findIndex((one) => one.item === item);
      if (at > 0) queue.splice(at, 1);
      if (at === 0) { queue[0].request?.abort(); item.remove(); count(); done(); return; }
      if (item.dataset.id) {
        fetch(`${words.url}/${item.dataset.id}/remove`, { method: "POST", headers: { "X-Page": page } })
          .then((answer) => { if (answer.ok) { item.remove(); count(); } else hint(uploader, words.wordLost); })
          .catch(() => hint(uploader, words.wordLost));
        return;
      }
      item.remove();
      count();
    });
  };
  document.querySelectorAll("[data-uploader]").forEach(start);

  // 位置: asked for only when somebody wants to give it.
  const locate = document.querySelector("[data-locate]");
  if (locate) locate.addEventListener("click", () => {
    const form = locate.closest("form"), where = form.querySelector("[data-where]"), words = locate.dataset;
    const failed = () => { where.textContent = words.wordNo; };
    if (!navigator.geolocation) { failed(); return; }
    where.textContent = words.wordWait;
    navigator.geolocation.getCurrentPosition((found) => {
      form.elements.lat.value = found.coords.latitude;
      form.elements.lon.value = found.coords.longitude;
      form.elements.accuracy.value = found.coords.accuracy;
      where.textContent = words.wordGot.replace("{n}", Math.round(found.coords.accuracy));
    }, failed, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
})();
