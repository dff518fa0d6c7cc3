// One line of a conversation becomes a bubble, a card, a picture or a grey note.

import { icon } from "./icons.js";
import { make, me, my, say } from "./wechat.js";

const WAYS = {
  passive: "被动回复", custom: "客服消息", template: "模板消息", bizsend: "订阅通知", subscribe: "一次性订阅",
};
const PIECES = /<a\s[^>]*?href=(["'])(.*?)\1[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；（）【】]+)/g;
const ONE_TIME = "https://mp.weixin.qq.com/mp/subscribemsg";
const GAP = 3 * 60 * 1000;

let lastTime = 0;

export function showLine(list, line) {
  const at = new Date(line.at);
  if (at - lastTime > GAP) list.append(make("div", { className: "time", textContent: clock(at) }));
  lastTime = at;
  const mine = line.from === "user";
  if (line.from === "system" || line.type === "event" || line.type === "raw") {
    const failed = line.type === "failure" ? " failure" : "";
    list.append(make("div", { className: "event" + failed, textContent: line.text }));
    return;
  }
  const way = mine ? null : make("div", { className: "way", textContent: WAYS[line.way] || "" });
  const body = make("div", { className: "body" }, content(line), way);
  list.append(make("div", { className: "line" + (mine ? " mine" : "") }, avatar(mine), body));
}

function clock(at) {
  const time = at.toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
  const day = (date) => date.toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai" });
  if (day(at) === day(new Date())) return time;
  return at.toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric" }) + " " + time;
}

function avatar(mine) {
  const name = mine ? my.name : my.accountName;
  const icon = make("span", { className: "avatar" + (mine ? "" : " official"), textContent: name.slice(-1) });
  if (mine) icon.style.setProperty("--hue", my.hue);
  return icon;
}

function content(line) {
  if (line.extra.card) return card(line);
  if (line.picture) return picture(line.picture);
  if (line.extra.place) return place(line.extra.place);
  if (line.extra.choices) return choices(line.extra);
  return make("div", { className: "bubble" }, ...linked(line.text));
}

function picture(address) {
  const image = make("img", { src: address, alt: "照片" });
  const button = make("button", { type: "button", className: "picture", title: "放大" }, image);
  button.addEventListener("click", () => {
    const viewer = document.getElementById("viewer");
    viewer.firstElementChild.src = address;
    viewer.showModal();
  });
  return button;
}

function place({ label, lat, lon }) {
  const where = `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
  return make("div", { className: "place" },
    make("strong", { textContent: label || "位置" }), make("small", { textContent: where }),
    icon("place"));
}

function choices({ head, choices: all, tail }) {
  const buttons = all.map((one) => {
    const button = make("button", { type: "button", className: "choice", textContent: one.content });
    button.addEventListener("click", () => say({ type: "text", text: one.content, bizmsgmenuid: one.id }));
    return button;
  });
  const words = (text) => (text ? make("div", {}, ...linked(text)) : null);
  return make("div", { className: "bubble" }, words(head), ...buttons, words(tail));
}

function card(line) {
  const { title, fields = [], url, description } = line.extra.card;
  const rows = fields.flatMap(({ name, value }) => name
    ? [make("dt", { textContent: name }), make("dd", { textContent: value })]
    : [make("dd", { className: "whole" }, ...linked(value))]);
  const parts = [
    line.way === "passive" || line.way === "custom" ? null
      : make("div", { className: "source", textContent: line.way === "bizsend" ? "服务通知" : my.accountName }),
    make("h2", { textContent: title }),
    line.picture ? make("img", { src: line.picture, alt: "" }) : null,
    description ? make("p", { textContent: description }) : null,
    rows.length ? make("dl", {}, ...rows) : null,
    url ? make("div", { className: "more" }, "查看详情", make("span", { textContent: "›" })) : null,
  ];
  return url
    ? make("a", { className: "card", href: address(url), target: "_blank", rel: "noreferrer" }, ...parts)
    : make("div", { className: "card" }, ...parts);
}

// WeChat shows <a href> in texts as links and everything else as it stands; bare addresses become links too.
function linked(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(PIECES)) {
    parts.push(text.slice(from, found.index));
    parts.push(found[4] ? link(found[4], found[4]) : link(found[2].replaceAll("&amp;", "&"), found[3]));
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

function link(url, words) {
  if (url.startsWith("weixin://bizmsgmenu")) return menuLink(url, words);
  if (!/^https?:/.test(url)) return words;
  return make("a", { href: address(url), target: "_blank", rel: "noreferrer", textContent: words });
}

function menuLink(url, words) {
  const told = new URLSearchParams(url.split("?")[1] || "");
  const anchor = make("a", { href: "#", textContent: words });
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    say({ type: "text", text: told.get("msgmenucontent") || words, bizmsgmenuid: told.get("msgmenuid") || "" });
  });
  return anchor;
}

// WeChat's own page for a one-time subscription is played by the simulator.
function address(url) {
  if (!url.startsWith(ONE_TIME)) return url;
  const told = new URL(url);
  told.searchParams.set("as", me.openid);
  return "/mp/subscribemsg" + told.search;
}
