// Line icons, drawn here so that no emoji font is needed.

const SHAPES = {
  phrase: '<path d="M4 5h16v11h-8l-5 4v-4H4z"/><path d="M8 9h8M8 12h5"/>',
  photo: '<path d="M4 8h4l1.6-2.4h4.8L16 8h4v11H4z"/><circle cx="12" cy="13.2" r="3.4"/>',
  sample: '<path d="M4 5h16v14H4z"/><circle cx="9" cy="10" r="1.6"/><path d="M4 17l5-4 4 3 3-4 4 4"/>',
  place: '<path d="M12 21c-4-4.6-6-7.9-6-10.6a6 6 0 0 1 12 0c0 2.7-2 6-6 10.6z"/><circle cx="12" cy="10.4" r="2.3"/>',
  scan: '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16"/>',
  voice: '<rect x="9.3" y="3.5" width="5.4" height="10.5" rx="2.7"/><path d="M6 11.5a6 6 0 0 0 12 0M12 17.5V21"/>',
  link: '<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"/>',
  follow: '<circle cx="10" cy="8.5" r="3.5"/><path d="M3.5 20a6.5 6.5 0 0 1 13 0M18.5 7v6M15.5 10h6"/>',
  leave: '<circle cx="10" cy="8.5" r="3.5"/><path d="M3.5 20a6.5 6.5 0 0 1 13 0M15.5 10h6"/>',
};

export function icon(name) {
  const holder = document.createElement("i");
  holder.innerHTML = `<svg viewBox="0 0 24 24" width="28" height="28" fill="none" stroke="currentColor" stroke-width="1.5"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${SHAPES[name]}</svg>`;
  return holder;
}
