// 规则编辑: line numbers beside a plain textarea, the wrong line marked, and nothing lost by a slip.
(() => {
  "use strict";
  const box = document.querySelector("[data-editor]");
  if (!box) return;
  const text = box.querySelector("textarea"), gutter = box.querySelector(".gutter");
  const at = document.querySelector("[data-at]"), go = document.querySelector("[data-go]");
  const wrong = Number(box.dataset.wrong || 0);
  const height = 20;
  let lines = 0, changed = false, leaving = false;

  const count = () => {
    const now = text.value.split("\n").length;
    if (now === lines) return;
    lines = now;
    const rows = document.createDocumentFragment();
    for (let n = 1; n <= lines; n += 1) {
      const row = document.createElement("b");
      row.textContent = n;
      if (n === wrong) row.className = "wrong";
      rows.append(row);
    }
    gutter.replaceChildren(rows);
    gutter.scrollTop = text.scrollTop;
  };
  const line = () => text.value.slice(0, text.selectionStart).split("\n").length;
  const tell = () => { at.textContent = `第${line()}行，共${lines}行`; };
  const to = (number) => {
    const before = text.value.split("\n").slice(0, Math.max(0, number - 1));
    const start = before.join("\n").length + (before.length ? 1 : 0);
    const end = text.value.indexOf("\n", start);
    text.focus();
    text.setSelectionRange(start, end < 0 ? text.value.length : end);
    text.scrollTop = Math.max(0, (number - 6) * height);
    text.scrollLeft = 0;
    gutter.scrollTop = text.scrollTop;
    tell();
  };

  text.addEventListener("input", () => { changed = true; count(); tell(); });
  text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });
  for (const name of ["click", "keyup", "focus"]) text.addEventListener(name, tell);
  go.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    to(Math.min(lines, Math.max(1, Number(go.value) || 1)));
  });
  text.form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => { if (changed && !leaving) event.preventDefault(); });
  count();
  if (wrong) to(wrong); else tell();
})();
