// 创城指挥部: what every page does. No build step; strict CSP, so nothing inline and nothing evaluated.
(() => {
  "use strict";
  const csrf = document.querySelector('meta[name="csrf"]');
  const said = document.getElementById("said");

  // Say something short to everybody, also to who cannot see it.
  window.say = (words) => {
    if (!said) return;
    said.textContent = words;
    said.classList.add("shown");
    clearTimeout(window.say.timer);
    window.say.timer = setTimeout(() => said.classList.remove("shown"), 6000);
  };

  document.body.addEventListener("htmx:configRequest", (event) => {
    if (csrf) event.detail.headers["X-CSRF-Token"] = csrf.content;
    if (event.target.closest("[data-live]")) event.detail.headers["X-Live"] = "1";
  });
  // A page that asks by itself rests while nobody looks at it.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest("[data-live]") && document.hidden && event.detail.requestConfig.triggeringEvent === undefined) event.preventDefault();
  });
  const lost = () => { document.body.classList.add("lost"); window.say("网络不通，正在重试……"); };
  const back = () => document.body.classList.remove("lost");
  document.body.addEventListener("htmx:sendError", lost);
  document.body.addEventListener("htmx:timeout", lost);
  document.body.addEventListener("htmx:afterOnLoad", back);
  document.body.addEventListener("htmx:responseError", (event) => {
    window.say(event.detail.xhr.status >= 500 ? "系统忙，请稍后再试。" : "没有办成，请刷新页面再试。");
  });

  // Keys: / goes to the search; a button or link with data-key is pressed by its key, unless somebody is typing.
  const typing = (at) => at.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
      return;
    }
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!wanted || wanted.disabled) return;
    event.preventDefault();
    const folded = wanted.closest("details");
    if (folded) folded.open = true;
    if (wanted.matches("input, textarea, select")) wanted.focus(); else wanted.click();
  });

  // Photos open in a viewer: arrows, Escape, a tap; without it they open as plain links.
  const viewer = document.createElement("dialog");
  viewer.className = "viewer";
  viewer.setAttribute("aria-label", "照片");
  const shown = document.createElement("img");
  shown.alt = "";
  const close = document.createElement("button");
  close.type = "button"; close.textContent = "关闭"; close.className = "plain";
  viewer.append(shown, close);
  document.body.append(viewer);
  let links = [], at = 0;
  const show = (n) => {
    at = (n + links.length) % links.length;
    shown.src = links[at].href;
    shown.alt = links[at].querySelector("img").alt;
  };
  close.addEventListener("click", () => viewer.close());
  shown.addEventListener("click", () => show(at + 1));
  viewer.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    if (event.key === "ArrowLeft") show(at - 1);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-gallery] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    links = [...link.closest("[data-page-gallery], [data-gallery]").querySelectorAll("[data-gallery] a, :scope > a")];
    if (!links.includes(link)) links = [link];
    show(links.indexOf(link));
    viewer.showModal();
  });

  // What cannot be taken back is asked for once more.
  document.addEventListener("submit", (event) => {
    const sure = event.submitter && event.submitter.dataset.sure;
    if (sure && !event.submitter.dataset.asked) {
      event.preventDefault();
      event.submitter.dataset.asked = "1";
      event.submitter.textContent = sure;
      return;
    }
    // Nothing is sent twice because somebody pressed twice.
    if (event.target.method === "post") setTimeout(() => event.target.querySelectorAll("button").forEach((b) => { b.disabled = true; }), 0);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form button:disabled:not([data-stays])").forEach((b) => { b.disabled = false; }));
})();
