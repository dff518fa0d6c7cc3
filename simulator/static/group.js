// A group chat: photos and words leave as one message, with or without the mention, perhaps quoting a line.

import { ask, make, me, my, notify } from "./wechat.js";

export const isGroup = my.family === "group";
const tray = document.getElementById("staged");
const mention = document.getElementById("mention");
let photos = [];
let quoted = null;

mention?.addEventListener("click", () => mention.setAttribute("aria-pressed", mention.getAttribute("aria-pressed") !== "true"));
document.getElementById("as")?.addEventListener("change", (event) => {
  const there = new URL(location.href);
  there.searchParams.set("person", event.target.value);
  location.href = there;
});

export const hasPhotos = () => photos.length > 0;

export function stageFiles(files) {
  photos.push(...files.map((file) => ({ file, src: URL.createObjectURL(file) })));
  draw();
}

export function stageSamples(names) {
  photos.push(...names.map((sample) => ({ sample, src: `/sim/samples/${sample}` })));
  draw();
}

export function quote(line) {
  quoted = line;
  draw();
  document.getElementById("text").focus();
}

function draw() {
  const thumbs = photos.map((one) => make("figure", {}, make("img", { src: one.src, alt: "" }),
    cross(() => (photos = photos.filter((other) => other !== one)))));
  const words = quoted && make("div", { className: "quoted" }, ...quoteParts(quoted), cross(() => (quoted = null)));
  tray.replaceChildren(...thumbs, ...(words ? [words] : []));
  tray.hidden = !thumbs.length && !words;
  document.getElementById("text").dispatchEvent(new Event("input"));
}

function cross(act) {
  const button = make("button", { type: "button", textContent: "×", title: "去掉" });
  button.addEventListener("click", () => { act(); draw(); });
  return button;
}

export function quoteParts({ text, picture }) {
  return [picture ? make("img", { src: picture, alt: "" }) : null, make("span", { textContent: text })];
}

export async function speak(text) {
  const form = new FormData();
  const words = {
    account: me.account, openid: my.userid, text, mentions: mention.getAttribute("aria-pressed") === "true" ? 1 : 0,
    quote: quoted?.n ?? 0, samples: photos.map((one) => one.sample).filter(Boolean).join(","),
  };
  for (const [name, value] of Object.entries(words)) form.append(name, value);
  for (const { file } of photos) if (file) form.append("file", file);
  photos = [];
  quoted = null;
  draw();
  try {
    await ask("POST", "/say", form);
  } catch (error) {
    notify(error.message);
  }
}

// Below each bubble: quote it, and for pictures look at it; a click on a picture quotes it, as people expect here.
export function acts(line, show) {
  const button = (text, act) => {
    const one = make("button", { type: "button", textContent: text });
    one.addEventListener("click", act);
    return one;
  };
  return make("div", { className: "acts" }, button("引用", () => quote(line)),
    line.picture ? button("放大", () => show(line.picture)) : null);
}
