// All repositories, or those that match.
import { announce, el, row, table } from './dom.js';
import { get, repositoryLink } from './data.js';
import { count, plural, size } from './words.js';

const PAUSE_MILLIS = 200;
const COLUMNS = [{ title: 'Repository', class: 'wide' }, { title: 'Owned', class: 'number' },
  { title: 'Cached', class: 'number' }, { title: 'Size', class: 'number' }];

export async function repositories(stage, { signal, parameters, title }) {
  const search = el('input', { type: 'search', id: 'search', value: parameters.get('q') ?? '', autocomplete: 'off',
    spellcheck: 'false', placeholder: 'for example quay.io release' });
  const found = el('p', { class: 'found' });
  const list = table('Repositories', COLUMNS, []);
  const body = list.querySelector('tbody');
  const more = el('button', { type: 'button', class: 'next', hidden: true }, 'Show more');
  let next = null;
  let turn = 0;

  /** False: something else was asked for meanwhile, or it failed, which is told. */
  async function load(last) {
    const mine = ++turn;
    let answer;
    try {
      answer = await get('repositories', { q: search.value, last }, signal);
    } catch (e) {
      if (mine === turn && !signal.aborted) {
        found.textContent = 'The list could not be had: ' + e.message;
        announce(found.textContent);
      }
      return false;
    }
    if (mine !== turn) {
      return false;
    }
    const rows = answer.repositories.map(line);
    if (last) {
      body.append(...rows);
    } else {
      body.replaceChildren(...rows);
    }
    next = answer.next ?? null;
    more.hidden = next === null;
    list.hidden = body.children.length === 0;
    found.textContent = said(answer.matching, body.children.length) + (next && !body.children.length ? ', still looking' : '');
    // in a bucket a look ends after a moment, wherever it is by then
    return next && body.children.length === 0 ? load(next) : true;
  }

  let timer = 0;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      history.replaceState(null, '', '#/repositories' + (search.value ? '?q=' + encodeURIComponent(search.value) : ''));
      if (await load('')) {
        announce(found.textContent);
      }
    }, PAUSE_MILLIS);
  });
  more.addEventListener('click', async () => {
    const at = body.children.length;
    if (await load(next)) {
      body.children[at]?.querySelector('a')?.focus();
      announce(found.textContent);
    }
  });
  stage.append(title('Repositories'), el('form', { class: 'search', role: 'search',
    on: { submit: event => event.preventDefault() } }, el('label', { for: 'search' }, 'Search'), search, found), list, more);
  await load('');
}

function said(matching, shown) {
  if (matching === undefined) {
    return shown ? `${plural(shown, 'repository', 'repositories')} so far` : 'none so far';
  }
  return matching > shown ? `${count(shown)} of ${plural(matching, 'repository', 'repositories')}`
    : plural(matching, 'repository', 'repositories');
}

const line = each => row(COLUMNS, [el('a', { href: repositoryLink(each.name) }, each.name),
  each.owned === undefined ? '' : count(each.owned), each.cached === undefined ? '' : count(each.cached),
  each.bytes === undefined ? '' : size(each.bytes)]);
