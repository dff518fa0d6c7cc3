// What opens below the input bar: photos, samples, places, scanning, following; and the account's menu.

import { isGroup, speak, stageFiles, stageSamples } from "./group.js";
import { icon } from "./icons.js";
import { make, me, my, say, sendFiles } from "./wechat.js";

const panel = document.getElementById("panel");
const file = document.getElementById("file");
let state = { samples: [], places: [], articles: [], people: [], groups: [] };

export function prepare(fresh, accountMenu) {
  state = fresh;
  drawMenu(accountMenu);
}

export function close() {
  panel.hidden = true;
}

function open(...children) {
  panel.replaceChildren(...children);
  panel.hidden = false;
}

function heading(text) {
  const back = make("button", { type: "button", textContent: "返回" });
  back.addEventListener("click", tools);
  return make("h2", {}, text, back);
}

export function toggle() {
  if (panel.hidden) tools();
  else close();
}

const ALL = ["official", "wecom", "group"];
const TOOLS = [
  ["phrase", "试着说", phrases, ALL],
  ["photo", "照片", () => file.click(), ALL],
  ["sample", "样例照片", samples, ALL],
  ["place", "位置", places, ["official", "wecom"]],
  ["scan", "扫二维码", scan, ["official"]],
  ["voice", "语音", () => say({ type: "voice" }), ["official", "wecom"]],
  ["link", "文章链接", article, ["official", "wecom"]],
  ["follow", "关注", () => say({ type: "event", event: "subscribe" }), ["official"]],
  ["leave", "取消关注", () => say({ type: "event", event: "unsubscribe" }), ["official"]],
  ["follow", "进入应用", () => say({ type: "event", event: "enter_agent" }), ["wecom"]],
];

function tools() {
  const mine = TOOLS.filter(([, , , families]) => families.includes(my.family));
  const buttons = mine.map(([shape, title, act]) => {
    const button = make("button", { type: "button" }, icon(shape), title);
    button.addEventListener("click", act);
    return button;
  });
  open(make("div", { className: "tools" }, ...buttons));
}

file.addEventListener("change", async () => {
  const files = [...file.files];
  file.value = "";
  if (isGroup) stageFiles(files);
  else await sendFiles(files);
});

const phrasesOf = () => state.people.find((one) => isMe(one))?.phrases ?? [];

// In a group the conversation is everybody's; who I am stands beside it.
function isMe({ account, openid }) {
  const corp = state.groups.find((one) => one.key === me.account)?.corp ?? me.account;
  return account === corp && openid === my.userid;
}

function phrases() {
  const known = phrasesOf().map((phrase) => {
    const button = make("button", { type: "button", textContent: phrase });
    button.addEventListener("click", () => tryPhrase(phrase));
    return button;
  });
  open(heading(known.length ? "点一句就发送" : "没有为这个人物准备要说的话"), make("div", { className: "phrases" }, ...known));
}

// A phrase about a case has 编号 in the place of its number, which only the person knows.
function tryPhrase(phrase) {
  close();
  if (!phrase.includes(" 编号")) return isGroup ? speak(phrase) : say({ type: "text", text: phrase });
  const input = document.getElementById("text");
  const at = phrase.indexOf("编号");
  showKeyboard();
  input.value = phrase;
  input.focus();
  input.setSelectionRange(at, at + 2);
  input.dispatchEvent(new Event("input"));
}

function samples() {
  const chosen = new Set();
  const send = make("button", { type: "button", className: "act", textContent: "发送", disabled: true });
  const thumbs = state.samples.map(({ name, title }) => {
    const image = make("img", { src: `/sim/samples/${name}`, alt: "", loading: "lazy" });
    const button = make("button", { type: "button", title }, image, title);
    button.addEventListener("click", () => {
      if (!chosen.delete(name)) chosen.add(name);
      button.classList.toggle("chosen", chosen.has(name));
      send.disabled = !chosen.size;
      send.textContent = chosen.size ? `发送 ${chosen.size} 张` : "发送";
    });
    return button;
  });
  send.addEventListener("click", async () => {
    close();
    if (isGroup) return stageSamples([...chosen]);
    for (const sample of chosen) await say({ type: "image", sample });
  });
  open(heading(isGroup ? "选一张或几张，和文字一起发出去" : "选一张或几张，每张是一条消息"), make("div", { className: "samples" }, ...thumbs),
    make("div", { className: "row" }, send));
}

function places() {
  const known = state.places.map((place) => {
    const where = `${place.lat.toFixed(4)}, ${place.lon.toFixed(4)}`;
    const button = make("button", { type: "button" }, place.label, make("small", { textContent: where }));
    button.addEventListener("click", () => sendPlace(place));
    return button;
  });
  const field = (placeholder, title) => make("input", { placeholder, title, inputMode: "decimal" });
  const [lat, lon, label] = [field("纬度 36.66", "纬度"), field("经度 117.02", "经度"), make("input", { placeholder: "地名（可不填）" })];
  const send = make("button", { type: "button", textContent: "发送" });
  send.addEventListener("click", () => sendPlace({ lat: lat.value, lon: lon.value, label: label.value }));
  open(heading("发送位置（火星坐标，和手机一样）"), make("div", { className: "places" }, ...known),
    make("div", { className: "row" }, lat, lon), make("div", { className: "row" }, label, send));
}

function sendPlace({ lat, lon, label }) {
  close();
  say({ type: "location", lat, lon, label });
}

function ask(title, placeholder, act) {
  const input = make("input", { placeholder, required: true });
  const form = make("form", { className: "row" }, input, make("button", { textContent: "确定" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    act(input.value.trim());
  });
  open(heading(title), form);
  input.focus();
}

function scan() {
  ask("扫带参数的二维码：写下场景值", "例如 bind-R2D2", (key) => say({ type: "event", event: "SCAN", key }));
}

function article() {
  ask("转发一篇文章", "https://…", (url) => say({ type: "link", title: "转发的文章", description: "", url }));
  const known = state.articles.map((one) => {
    const button = make("button", { type: "button" }, one.title);
    button.addEventListener("click", () => {
      close();
      say({ type: "link", ...one });
    });
    return button;
  });
  panel.append(make("div", { className: "phrases" }, ...known));
}

const menu = document.getElementById("menu");
const write = document.getElementById("write");
const toMenu = document.getElementById("to-menu");

function drawMenu(buttons) {
  toMenu.hidden = !buttons.length;
  if (!buttons.length) return showKeyboard();
  const keyboard = make("button", { type: "button", textContent: "⌨", title: "键盘" });
  keyboard.addEventListener("click", showKeyboard);
  menu.replaceChildren(keyboard, ...buttons.map(menuItem));
  toMenu.onclick = showMenu;
  showMenu();
}

function showMenu() {
  close();
  menu.hidden = false;
  write.hidden = true;
}

function showKeyboard() {
  menu.hidden = true;
  write.hidden = false;
}

function menuItem(button) {
  const below = button.sub_button || [];
  const face = make("button", { type: "button", textContent: button.name });
  const item = make("div", { className: "item" + (below.length ? " deep" : "") }, face);
  if (!below.length) {
    face.addEventListener("click", () => tap(button));
    return item;
  }
  const list = make("div", { className: "subs", hidden: true }, ...below.map((one) => {
    const entry = make("button", { type: "button", textContent: one.name });
    entry.addEventListener("click", () => tap(one));
    return entry;
  }));
  item.append(list);
  face.addEventListener("click", (event) => {
    event.stopPropagation();
    const wasHidden = list.hidden;
    hideSubs();
    list.hidden = !wasHidden;
  });
  return item;
}

function hideSubs() {
  for (const list of menu.querySelectorAll(".subs")) list.hidden = true;
}
document.addEventListener("click", hideSubs);

function tap(button) {
  if (button.type === "view") {
    say({ type: "event", event: "VIEW", key: button.url });
    window.open(button.url, "_blank", "noreferrer");
  } else if (button.type.startsWith("scancode")) {
    scan();
  } else if (button.type.startsWith("pic_")) {
    samples();
  } else if (button.type === "location_select") {
    places();
  } else {
    say({ type: "event", event: "CLICK", key: button.key });
  }
}
