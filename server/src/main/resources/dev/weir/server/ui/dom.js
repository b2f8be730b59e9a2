// Elements by DOM calls. Whatever comes from an image goes in as text, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An element. Of `said`, `on` holds listeners; the rest are attributes, left out where null or false. */
export function el(name, said = {}, ...children) {
  return fill(document.createElement(name), said, children);
}

/** The same in a drawing. */
export function svg(name, said = {}, ...children) {
  return fill(document.createElementNS(SVG, name), said, children);
}

function fill(element, said, children) {
  for (const [key, value] of Object.entries(said)) {
    if (key === 'on') {
      Object.entries(value).forEach(([event, listener]) => element.addEventListener(event, listener));
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return element;
}

/** A table that can be scrolled by keyboard where it is too wide. */
export function table(caption, columns, rows) {
  const heads = columns.map(column => el('th', { scope: 'col', class: column.class }, column.title));
  return el('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
    el('table', {}, el('caption', { class: 'unseen' }, caption), el('thead', {}, el('tr', {}, heads)),
      el('tbody', {}, rows)));
}

/** A row, of which the first cell is its head. */
export function row(columns, cells) {
  return el('tr', {}, cells.map((cell, i) => i === 0
    ? el('th', { scope: 'row', class: columns[i].class }, cell)
    : el('td', { class: columns[i].class }, cell)));
}

/** Terms and what is said of them; those of which nothing is said are left out. */
export function facts(pairs) {
  return el('dl', { class: 'facts' }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))));
}

export function section(title, ...children) {
  const id = 's-' + title.toLowerCase().replace(/[^a-z]+/g, '-');
  return el('section', { 'aria-labelledby': id }, el('h2', { id }, title), ...children);
}

/** A bar that shows a share, for the eye; the numbers stand beside it. */
export function bar(share) {
  const filled = el('span', {});
  filled.style.width = `${Math.min(100, share * 100)}%`;
  return el('span', { class: share > 0.95 ? 'bar nearly' : 'bar', 'aria-hidden': 'true' }, filled);
}

/** Tells people who listen. */
export function announce(text) {
  document.getElementById('status').textContent = text;
}

/** A text to copy, with a button that does it. */
export function copyable(what, text) {
  const code = el('code', {}, text);
  const button = el('button', { type: 'button', class: 'copy', 'aria-label': 'Copy ' + what }, 'Copy');
  button.addEventListener('click', async () => {
    const done = await copy(text, code);
    button.textContent = done ? 'Copied' : 'Marked';
    announce(done ? what + ' copied' : what + ' is marked for copying');
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  return el('div', { class: 'copyable' },
    el('pre', { tabindex: 0, role: 'region', 'aria-label': what }, code), button);
}

/** Over plain HTTP browsers give pages no clipboard: then the text is marked. */
async function copy(text, code) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(code);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return false;
  }
}
