// One repository: its tags, and what it holds by digest.
import { announce, copyable, el, row, section, table } from './dom.js';
import { get, imageLink } from './data.js';
import { brief, count, keeping, plural, size, time } from './words.js';
import { pullCommand } from './commands.js';

const TAGS = [{ title: 'Tag', class: 'wide' }, { title: 'Kept' }, { title: 'Platforms' }, { title: 'Size', class: 'number' },
  { title: 'Digest' }, { title: 'Came' }];
const IMAGES = [{ title: 'Digest', class: 'wide' }, { title: 'Kept' }, { title: 'Last asked for' }];
const MANY = 20;
const PAUSE_MILLIS = 200;

export async function repository(stage, { signal, parameters, title }) {
  const name = parameters.get('name') ?? '';
  const [tags, held, command] = await Promise.all([get('tags', { repository: name }, signal),
    get('images', { repository: name }, signal), pullCommand(name)]);
  stage.append(crumbs(), title(name), copyable('Command to pull', command), section('Tags', tagList(name, tags, signal)),
    section('By digest', byDigest(name, held)));
}

export const crumbs = (...more) => el('nav', { class: 'crumbs', 'aria-label': 'Where this is' },
  el('a', { href: '#/repositories' }, 'Repositories'), more.map(each => [' / ', each]));

function tagList(name, first, signal) {
  if (first.tags.length === 0 && !first.next) {
    return el('p', { class: 'empty' }, 'No tag is held here. Images that are pulled by digest have none.');
  }
  const list = table('Tags', TAGS, first.tags.map(each => tagRow(name, each)));
  const body = list.querySelector('tbody');
  const more = el('button', { type: 'button', class: 'next' }, 'Show more');
  const filter = el('input', { type: 'search', id: 'filter', autocomplete: 'off', spellcheck: 'false' });
  let next = first.next ?? null;
  const trouble = el('p', { class: 'notice', role: 'alert', hidden: true });
  let turn = 0;
  let timer = 0;
  more.hidden = next === null;
  async function load(last) {
    const mine = ++turn;
    let answer;
    try {
      answer = await get('tags', { repository: name, q: filter.value, last }, signal);
    } catch (e) {
      trouble.textContent = 'The list could not be had: ' + e.message;
      trouble.hidden = mine !== turn || signal.aborted;
      return;
    }
    if (mine !== turn) {
      return;
    }
    trouble.hidden = true;
    if (!last) {
      body.replaceChildren();
    }
    body.append(...answer.tags.map(each => tagRow(name, each)));
    next = answer.next ?? null;
    more.hidden = next === null;
  }
  more.addEventListener('click', async () => {
    const at = body.children.length;
    await load(next);
    body.children[at]?.querySelector('a')?.focus();
  });
  filter.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      await load('');
      announce(`${plural(body.children.length, 'tag')}${next ? ' so far' : ''}`);
    }, PAUSE_MILLIS);
  });
  return el('div', {}, first.tags.length >= MANY || next
    ? el('form', { class: 'search', role: 'search', on: { submit: event => event.preventDefault() } },
      el('label', { for: 'filter' }, 'Tags with'), filter) : '', trouble, list, more);
}

const tagRow = (name, each) => row(TAGS, [el('a', { href: imageLink(name, each.tag) }, each.tag), keeping(each.keeping),
  each.platforms.length ? platforms(each.platforms) : each.kind, each.size === undefined ? '' : size(each.size),
  brief(each.digest), each.written ? time(each.written) : '']);

function platforms(all) {
  const shown = all.slice(0, 3).join(', ');
  return all.length > 3 ? el('span', { title: all.join(', ') }, `${shown} and ${all.length - 3} more`) : shown;
}

function byDigest(name, held) {
  const rows = held.images.map(each => row(IMAGES, [el('a', { href: imageLink(name, each.digest) },
    el('code', {}, each.digest)), keeping(each.keeping), each.used ? time(each.used) : '']));
  const more = held.matching - held.images.length;
  return el('div', {}, el('p', { class: 'found' }, held.matching === undefined ? `${plural(held.images.length, 'manifest')}; there are more`
    : [plural(held.matching, 'manifest'), more > 0 ? `; ${count(more)} more are not shown` : '']),
    rows.length ? table('Held by digest', IMAGES, rows) : '');
}
