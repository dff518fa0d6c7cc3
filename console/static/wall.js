// 大屏: a clock of the city, and once a night everything anew, so that it runs for weeks.
(() => {
  "use strict";
  const clock = document.getElementById("clock");
  const zone = clock.dataset.zone;
  const begun = Date.now();
  const hour = () => Number(new Date().toLocaleTimeString("en-GB", { hour: "2-digit", timeZone: zone }).slice(0, 2));
  setInterval(() => {
    const now = new Date();
    clock.textContent = now.toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone });
    // Only while the house can be reached: an error page would stay until morning.
    if (hour() === 4 && Date.now() - begun > 7200000 && !document.body.classList.contains("lost")) location.reload();
  }, 10000);
})();
