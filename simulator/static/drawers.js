// The two drawers: faults to switch on, and what stands between this person and the account.

import { ask, make, me, my, notify, query, say } from "./wechat.js";

const drawer = document.getElementById("drawer");

function open(title, ...children) {
  const shut = make("button", { type: "button", textContent: "×", title: "关上" });
  shut.addEventListener("click", () => (drawer.hidden = true));
  drawer.replaceChildren(make("h1", {}, title, shut), ...children);
  drawer.hidden = false;
}

function button(text, act) {
  const one = make("button", { type: "button", textContent: text });
  one.addEventListener("click", () => act().catch((error) => notify(error.message)));
  return one;
}

export async function countFaults() {
  const { active } = await ask("GET", "/faults");
  const badge = document.getElementById("fault-count");
  badge.textContent = active.length;
  badge.hidden = !active.length;
}

const SIDES = { push: "微信推送给我们时", api: "我们调用微信接口时" };

export async function faults() {
  const { active, known } = await ask("GET", "/faults");
  const only = make("input", { type: "checkbox" });
  const parts = [make("label", {}, only, ` 只对${my.name}起作用`)];
  for (const [side, title] of Object.entries(SIDES)) {
    const rows = Object.entries(known).filter(([, kind]) => kind.side === side)
      .map(([name, kind]) => faultRow(name, kind, active.filter((one) => one.name === name), only));
    parts.push(make("h2", { textContent: title }), make("div", { className: "sheet" }, ...rows));
  }
  const clear = button("全部关掉", async () => { await ask("DELETE", "/faults"); await redraw(); });
  clear.className = "act plain";
  open("故障", make("p", { textContent: "次数不填就一直坏着，直到关掉。" }), ...parts, make("p", {}, clear));
}

async function redraw() {
  await faults();
  await countFaults();
}

function faultRow(name, kind, on, only) {
  if (on.length) {
    const left = on[0].count ? ` 还剩 ${on[0].count} 次` : "";
    const off = button("关掉", async () => {
      for (const one of on) await ask("DELETE", `/faults?id=${one.id}`);
      await redraw();
    });
    return make("div", { className: "on" }, make("span", {}, kind.title, make("small", { textContent: left })), off);
  }
  const times = make("input", { type: "number", min: 1, placeholder: "次数", title: "几次以后自己好" });
  const size = kind.unit ? make("input", { type: "number", min: 0, value: kind.value, title: kind.unit }) : null;
  const start = button("打开", async () => {
    await ask("POST", "/faults", {
      name, count: times.value ? Number(times.value) : null, value: size ? Number(size.value) : null,
      openid: only.checked ? my.userid : "",
    });
    await redraw();
  });
  const unit = kind.unit ? make("small", { textContent: kind.unit }) : null;
  return make("div", {}, make("span", { textContent: kind.title }), size, unit, times, start);
}

export async function profile() {
  const state = await ask("GET", "/state");
  if (my.family === "group") return groupProfile(state.groups.find((one) => one.key === me.account));
  const person = state.people.find((one) => one.account === me.account && one.openid === me.openid);
  const account = state.accounts.find((one) => one.key === me.account);
  if (my.family === "wecom") return corpProfile(person, account);
  open(`${person.name}与${account.name}`,
    make("h2", { textContent: "关注" }), make("div", { className: "sheet" }, followRow(person)),
    make("h2", { textContent: "公众号还能主动说几句（客服消息）" }), make("div", { className: "sheet" }, ...windowRows(person)),
    make("h2", { textContent: "订阅通知：点一次“允许”，公众号可以发一条" }),
    make("div", { className: "sheet" }, ...noticeRows(person, account.templates)),
    make("h2", { textContent: "一次性订阅（场景值 0–10000）" }), make("div", { className: "sheet" }, sceneRow(person)),
    make("h2", { textContent: "服务器地址" }), make("div", { className: "sheet" }, verifyRow()),
    make("p", { textContent: `openid：${person.openid}` }));
}

function groupProfile(group) {
  const rows = group.members.map(({ name, userid }) =>
    make("div", {}, make("span", { textContent: name }), make("small", { textContent: userid })));
  open(group.name,
    make("h2", { textContent: "群成员" }), make("div", { className: "sheet" }, ...rows),
    make("h2", { textContent: `机器人“${group.bot}”的服务器地址` }), make("div", { className: "sheet" }, verifyRow()));
}

async function corpProfile(person, account) {
  const lost = (await ask("GET", "/dropped")).filter((one) => one.account === me.account && one.userid === me.openid);
  const rows = lost.slice(-20).map(({ text }) => make("div", {}, make("span", { textContent: text.slice(0, 60) })));
  open(`${person.name}与${account.name}`,
    make("h2", { textContent: "应用的可见范围" }), make("div", { className: "sheet" }, followRow(person)),
    make("h2", { textContent: "企业微信悄悄丢掉的消息（每人每分钟 30 条、每小时 1000 条）" }),
    make("div", { className: "sheet" }, ...(rows.length ? rows : [make("div", {}, make("span", { textContent: "没有" }))])),
    make("h2", { textContent: "服务器地址" }), make("div", { className: "sheet" }, verifyRow()),
    make("p", { textContent: `userid：${person.openid}` }));
}

const FOLLOWING = {
  official: [["没有关注", "关注"], ["已关注", "取消关注"]],
  wecom: [["不在范围里", "加入"], ["在范围里", "移出"]],
};

function followRow(person) {
  const [words, act] = FOLLOWING[my.family][Number(person.following)];
  const event = person.following ? "unsubscribe" : "subscribe";
  return make("div", {}, make("span", { textContent: words }),
    button(act, async () => { await say({ type: "event", event }); await profile(); }));
}

function windowRows(person) {
  const names = { message: "发消息后的窗口", tap: "点菜单、扫码、关注后的窗口" };
  const rows = Object.entries(person.windows).map(([how, one]) => {
    const open = new Date(one.until) > new Date();
    const until = new Date(one.until).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" });
    return make("div", {}, make("span", { textContent: names[how] }),
      make("small", { textContent: open ? `还剩 ${one.left} 条，到 ${until}` : "已过" }));
  });
  if (!rows.length) return [make("div", {}, make("span", { textContent: "一句也不能：没有打开的窗口" }))];
  const shut = button("让窗口马上过去", async () => { await ask("POST", "/window", { ...me, close: true }); await profile(); });
  return [...rows, make("div", {}, make("span", {}), shut)];
}

function noticeRows(person, templates) {
  const rows = Object.entries(templates).map(([template, title]) => {
    const allow = (accept) => async () => { await ask("POST", "/authorise", { ...me, template, accept }); await profile(); };
    return make("div", {}, make("span", {}, title, make("small", { textContent: ` 还有 ${person.notices[template] || 0} 次` })),
      button("允许", allow(true)), button("拒绝", allow(false)));
  });
  return rows.length ? rows : [make("div", {}, make("span", { textContent: "这个公众号没有模板" }))];
}

function sceneRow(person) {
  const scene = make("input", { type: "number", min: 0, max: 10000, value: 0, title: "场景值" });
  const words = person.scenes.length ? `已允许：${person.scenes.join("、")}` : "还没有允许过";
  return make("div", {}, make("span", { textContent: words }), scene,
    button("允许", async () => { await ask("POST", "/authorise", { ...me, scene: Number(scene.value) }); await profile(); }));
}

function verifyRow() {
  const words = make("span", { textContent: "微信后台的“提交”按钮：服务器是否正确应答" });
  return make("div", {}, words, button("验证", async () => {
    const { ok, status, answer } = await ask("POST", "/verify" + query(), {});
    words.textContent = ok ? "✔ 验证通过" : `✘ 没有通过（HTTP ${status}：${answer}）`;
  }));
}
