// The simulator's control API as the page uses it, and small ways to build elements.

const phone = document.getElementById("phone");
export const me = { account: phone.dataset.account, openid: phone.dataset.openid };
export const my = phone.dataset;

export async function ask(method, path, body) {
  const form = body instanceof FormData;
  const response = await fetch("/sim" + path, {
    method,
    headers: body && !form ? { "Content-Type": "application/json" } : {},
    body: form ? body : body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || `HTTP ${response.status}`);
  return answer;
}

export const query = (more = {}) => "?" + new URLSearchParams({ ...me, ...more });

export function notify(text) {
  const notice = document.getElementById("notice");
  notice.textContent = text;
  notice.hidden = !text;
  clearTimeout(notify.timer);
  notify.timer = setTimeout(() => (notice.hidden = true), 6000);
}

export async function say(words) {
  try {
    return await ask("POST", "/say", { ...me, ...words });
  } catch (error) {
    notify(error.message);
  }
}

// Photos from the disk go one by one: WeChat sends each as a push of its own.
export async function sendFiles(files) {
  for (const file of files) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...me, type: "image" })) form.append(name, value);
    form.append("file", file);
    try {
      await ask("POST", "/say", form);
    } catch (error) {
      notify(`${file.name}：${error.message}`);
    }
  }
}

export function make(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  const { data, ...rest } = props;
  Object.assign(element, rest);
  if (data) Object.assign(element.dataset, data);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
