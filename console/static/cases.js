// 案件清单: keys, and what is selected. Everything works without it as well.
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const current = () => rows().findIndex((row) => row.classList.contains("at"));
  const go = (n) => {
    const all = rows();
    if (!all.length) return;
    all.forEach((row) => row.classList.remove("at"));
    const row = all[Math.max(0, Math.min(n, all.length - 1))];
    row.classList.add("at");
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("a").focus({ preventScroll: true });
  };
  const tally = () => {
    const chosen = document.querySelectorAll('[data-row] [name="case"]:checked').length;
    const button = document.querySelector(".bulk button");
    if (button) button.textContent = chosen ? `先看结果（${chosen}件）` : "先看结果";
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]")) return;
    const at = current();
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at < 0 ? 0 : at - 1);
    else if (event.key === "x" && at >= 0) {
      const box = rows()[at].querySelector('[name="case"]');
      box.checked = !box.checked;
      tally();
    } else if (event.key === "Enter" && at >= 0 && !event.target.closest("a, button, summary")) rows()[at].querySelector("a").click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "every") document.querySelectorAll('[data-row] [name="case"]').forEach((box) => { box.checked = event.target.checked; });
    if (event.target.closest("#bulk")) tally();
    // A street of another district would leave nothing.
    if (event.target.name === "district") {
      const street = event.target.form.querySelector('[name="street"]');
      if (street) street.value = "";
    }
  }, true);
  // What is empty need not stand in the address.
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("form.filters")) return;
    const asked = event.detail.parameters;
    Object.keys(asked).forEach((name) => { if (asked[name] === "") delete asked[name]; });
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    const count = document.querySelector(".tally strong");
    if (count) window.say(`${count.textContent} 件`);
  });
})();
