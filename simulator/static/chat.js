// The chat page: loads the conversation, follows the stream of new lines, counts what was not read.

import { countFaults, faults, profile } from "./drawers.js";
import { hasPhotos, isGroup, speak, stageFiles } from "./group.js";
import { showLine } from "./lines.js";
import * as panels from "./panels.js";
import { ask, me, notify, query, say, sendFiles } from "./wechat.js";

const list = document.getElementById("lines");
const text = document.getElementById("text");
const mine = `${me.account}/${me.openid}`;
let last = 0;

const keyOf = (line) => `${line.account}/${line.openid}`;
const seen = (key) => Number(localStorage.getItem("seen:" + key) || 0);
const markSeen = (key, n) => localStorage.setItem("seen:" + key, Math.max(n, seen(key)));
const toBottom = () => (list.scrollTop = list.scrollHeight);

// Stay at the newest line while pictures load and panels open, unless the person has scrolled up to read.
let reading = false;
list.addEventListener("scroll", () => (reading = list.scrollHeight - list.scrollTop - list.clientHeight > 120));
list.addEventListener("load", () => reading || toBottom(), true);
new ResizeObserver(() => reading || toBottom()).observe(list);

function take(line) {
  if (keyOf(line) !== mine || line.n <= last) return;
  last = line.n;
  showLine(list, line);
  markSeen(mine, line.n);
  toBottom();
}

const linkOf = (key) => document.querySelector(`.people a[data-key="${CSS.escape(key)}"]`);

function showPreview(line) {
  const link = linkOf(keyOf(line));
  if (link) link.querySelector(".preview").textContent = line.text.replaceAll(/<[^>]*>|\n/g, " ").slice(0, 30);
}

function addUnread(key, n) {
  const badge = linkOf(key)?.querySelector(".unread");
  if (!badge || !n) return;
  badge.textContent = Number(badge.textContent || 0) + n;
  badge.hidden = false;
}

async function countUnread({ account, openid }) {
  const key = `${account}/${openid}`;
  const lines = await ask("GET", "/conversation" + query({ account, openid }));
  if (lines.length) showPreview(lines.at(-1));
  if (key !== mine) addUnread(key, lines.filter((line) => line.n > seen(key) && line.from !== "user").length);
}

function follow(after) {
  const stream = new EventSource(`/sim/events?after=${after}`);
  stream.addEventListener("message", (event) => {
    const line = JSON.parse(event.data);
    showPreview(line);
    if (keyOf(line) === mine) take(line);
    else if (line.from !== "user") addUnread(keyOf(line), 1);
  });
}

// The account may create its menu after the page was opened; coming back to the page shows it.
let menuShown = null;
async function refresh() {
  const state = await ask("GET", "/state");
  const menu = state.accounts.find((one) => one.key === me.account)?.menu ?? [];
  if (JSON.stringify(menu) !== menuShown) panels.prepare(state, menu);
  menuShown = JSON.stringify(menu);
  return state;
}
window.addEventListener("focus", () => refresh().catch((error) => notify(error.message)));

async function begin() {
  const state = await refresh();
  (await ask("GET", "/conversation" + query())).forEach(take);
  follow(state.last);
  const groups = state.groups.map(({ key }) => ({ account: key, openid: "" }));
  await Promise.all([countFaults(), ...[...state.people, ...groups].map(countUnread)]);
}

document.getElementById("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words && !hasPhotos()) return;
  text.value = "";
  text.dispatchEvent(new Event("input"));
  if (isGroup) speak(words);
  else say({ type: "text", text: words });
});

text.addEventListener("input", () => {
  const empty = !text.value.trim() && !hasPhotos();
  document.getElementById("send").hidden = empty;
  document.getElementById("open-more").hidden = !empty;
});
text.addEventListener("focus", panels.close);

// Photos may also be dropped on the conversation.
list.addEventListener("dragover", (event) => event.preventDefault());
list.addEventListener("drop", (event) => {
  event.preventDefault();
  const files = [...event.dataTransfer.files];
  if (isGroup) stageFiles(files);
  else sendFiles(files);
});

document.getElementById("open-more").addEventListener("click", panels.toggle);
document.getElementById("open-faults").addEventListener("click", () => faults().catch((error) => notify(error.message)));
document.getElementById("open-profile").addEventListener("click", () => profile().catch((error) => notify(error.message)));
document.getElementById("viewer").addEventListener("click", (event) => event.currentTarget.close());

begin().catch((error) => notify(error.message));
