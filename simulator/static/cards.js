// Cards: templates and articles of an Official Account, and WeCom's cards with buttons to press.

import { make, me, my, say } from "./wechat.js";

const ONE_TIME = "https://mp.weixin.qq.com/mp/subscribemsg";
const SOURCES = { bizsend: () => "服务通知", passive: () => "", custom: () => "" };
const STYLES = { 1: "first", 2: "", 3: "warn" };

export function card(line, linked) {
  const { title, fields = [], url, description, sub, source } = line.extra.card;
  const rows = fields.flatMap(({ name, value }) => name
    ? [make("dt", { textContent: name }), make("dd", { textContent: value })]
    : [make("dd", { className: "whole" }, ...linked(value))]);
  const from = source || (SOURCES[line.way] || (() => my.accountName))();
  const parts = [
    from ? make("div", { className: "source", textContent: from }) : null,
    title ? make("h2", { textContent: title }) : null,
    line.picture ? make("img", { src: line.picture, alt: "" }) : null,
    description ? make("p", { className: line.way === "card" ? "desc" : "", textContent: description }) : null,
    sub ? make("div", { className: "sub" }, ...linked(sub)) : null,
    rows.length ? make("dl", {}, ...rows) : null,
  ];
  const whole = frame(url, parts, line.extra.card);
  whole.dataset.card = line.extra.updates || line.n;
  return whole;
}

// A link cannot hold buttons, so a card with both keeps its link to itself.
function frame(url, parts, { buttons = [], replaced = "", task_id }) {
  const more = url ? make("div", { className: "more" }, "查看详情", make("span", { textContent: "›" })) : null;
  if (!buttons.length && !replaced) {
    const shape = url ? ["a", { className: "card", href: address(url), target: "_blank", rel: "noreferrer" }] : ["div", { className: "card" }];
    return make(...shape, ...parts, more);
  }
  const link = url ? make("a", { href: address(url), target: "_blank", rel: "noreferrer" }, more) : null;
  const row = replaced
    ? [make("button", { type: "button", disabled: true, textContent: replaced })]
    : buttons.map((one) => pressable(one, task_id));
  return make("div", { className: "card" }, ...parts, make("div", { className: "buttons" }, ...row), link);
}

function pressable({ text, key, url, style }, task_id) {
  const className = STYLES[style] ?? "";
  if (url) return make("a", { className, href: url, target: "_blank", rel: "noreferrer", textContent: text });
  const button = make("button", { type: "button", className, textContent: text });
  button.addEventListener("click", async () => {
    button.disabled = true;
    await say({ type: "press", task_id, key });
    button.disabled = false;
  });
  return button;
}

// A changed card takes the place of the one it replaces.
export function replaceCard(list, line, linked) {
  const old = list.querySelector(`[data-card="${line.extra.updates}"]`);
  const fresh = card(line, linked);
  fresh.classList.add("changed");
  old?.replaceWith(fresh);
}

// WeChat's own page for a one-time subscription is played by the simulator.
export function address(url) {
  if (!url.startsWith(ONE_TIME)) return url;
  const told = new URL(url);
  told.searchParams.set("as", me.openid);
  return "/mp/subscribemsg" + told.search;
}
