// One line of a conversation becomes a bubble, a card, a picture or a grey note.

import { address, card, replaceCard } from "./cards.js";
import { acts, isGroup, quote, quoteParts } from "./group.js";
import { icon } from "./icons.js";
import { make, my, say } from "./wechat.js";

const WAYS = {
  passive: "被动回复", custom: "客服消息", template: "模板消息", bizsend: "订阅通知", subscribe: "一次性订阅",
  work: "应用消息", card: "卡片消息", group: "机器人主动回复",
};
const PIECES = /<a\s[^>]*?href=(["'])(.*?)\1[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；（）【】]+)/g;
const GAP = 3 * 60 * 1000;

let lastTime = 0;

export function showLine(list, line) {
  const at = new Date(line.at);
  if (at - lastTime > GAP) list.append(make("div", { className: "time", textContent: clock(at) }));
  lastTime = at;
  if (line.type === "card_update") return replaceCard(list, line, linked);
  const mine = line.from === "user" && (!isGroup || line.extra.speaker.toLowerCase() === my.userid.toLowerCase());
  if (line.from === "system" || line.type === "event" || line.type === "raw") {
    const failed = line.type === "failure" ? " failure" : "";
    list.append(make("div", { className: "event" + failed, textContent: line.text }));
    return;
  }
  const way = line.from === "user" ? null : make("div", { className: "way", textContent: WAYS[line.way] || "" });
  const body = make("div", { className: "body" }, speaker(line, mine), content(line), quoted(line), way,
    isGroup ? acts(line, enlarge) : null);
  list.append(make("div", { className: "line" + (mine ? " mine" : "") }, avatar(line, mine), body));
}

// Only in a group does one have to be told who speaks.
function speaker(line, mine) {
  if (!isGroup || mine) return null;
  return make("div", { className: "speaker", textContent: line.extra.name || my.bot });
}

function quoted(line) {
  return line.extra.quoted ? make("div", { className: "quoted" }, ...quoteParts(line.extra.quoted)) : null;
}

function clock(at) {
  const time = at.toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
  const day = (date) => date.toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai" });
  if (day(at) === day(new Date())) return time;
  return at.toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric" }) + " " + time;
}

function avatar(line, mine) {
  const person = line.from === "user";
  const name = person ? line.extra.name || my.name : my.bot || my.accountName;
  const icon = make("span", { className: "avatar" + (person ? "" : " official"), textContent: name.slice(-1) });
  if (person) icon.style.setProperty("--hue", mine ? my.hue : hue(name));
  return icon;
}

// The same angle as the list of conversations gives a name.
const hue = (name) => [...name].reduce((sum, letter) => sum + letter.codePointAt(0) * 47, 0) % 360;

function content(line) {
  if (line.extra.card) return card(line, linked);
  if (line.extra.pictures?.length) return pictures(line);
  if (line.picture) return picture(line, line.picture);
  if (line.extra.place) return place(line.extra.place);
  if (line.extra.choices) return choices(line.extra);
  return make("div", { className: "bubble" }, ...linked(line.text));
}

function pictures(line) {
  const all = make("div", { className: "pictures" }, ...line.extra.pictures.map((one) => picture(line, one)));
  return line.type === "mixed" ? make("div", {}, make("div", { className: "bubble" }, ...linked(line.text)), all) : all;
}

function picture(line, address) {
  const image = make("img", { src: address, alt: "照片" });
  const button = make("button", { type: "button", className: "picture", title: isGroup ? "引用" : "放大" }, image);
  button.addEventListener("click", () => (isGroup ? quote(line) : enlarge(address)));
  return button;
}

function enlarge(address) {
  const viewer = document.getElementById("viewer");
  viewer.firstElementChild.src = address;
  viewer.showModal();
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
