"use strict";
// 打印: the browser's own dialogue; without a script the browser's menu does the same.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
