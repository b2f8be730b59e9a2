// Which view is shown, and the frame around it.
import { announce, el } from './dom.js';
import { Refused, get } from './data.js';
import { plural, time } from './words.js';
import { overview } from './overview.js';
import { repositories } from './repositories.js';
import { repository } from './repository.js';
import { image } from './image.js';
import { commands } from './commands.js';

const VIEWS = {
  '': { name: 'overview', show: overview },
  repositories: { name: 'repositories', show: repositories },
  repository: { name: 'repositories', show: repository },
  image: { name: 'repositories', show: image },
  use: { name: 'use', show: commands },
};

const main = document.getElementById('main');
let site = null;
let left = new AbortController();
let first = true;

async function show() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  left.abort();
  left = new AbortController();
  const signal = left.signal;
  const view = VIEWS[path] ?? VIEWS[''];
  for (const link of document.querySelectorAll('nav a')) {
    link.toggleAttribute('aria-current', false);
    if (link.dataset.view === view.name) {
      link.setAttribute('aria-current', 'page');
    }
  }
  const stage = el('div', { class: 'view' });
  const stands = {
    site,
    signal,
    parameters: new URLSearchParams(query),
    title(text, ...more) {
      document.title = text === 'weir' ? text : text + ' · weir';
      return el('h1', { tabindex: -1 }, text, ...more);
    },
  };
  try {
    site ??= await get('site', {}, signal);
    stands.site = site;
    frame();
    await view.show(stage, stands);
  } catch (e) {
    if (signal.aborted) {
      return;
    }
    stage.replaceChildren(stands.title('Not to be shown'), el('p', { class: 'notice', role: 'alert' }, e.message, ' ',
      e instanceof Refused && e.status === 401 ? el('a', { href: 'login' }, 'Log in again') : ''));
  }
  if (!signal.aborted) {
    main.replaceChildren(stage);
    main.dataset.view = path || 'overview';
    settle();
  }
}

/** Who goes from view to view by keyboard or ear finds the new one's beginning. */
function settle() {
  if (!first) {
    main.querySelector('h1')?.focus();
    scrollTo(0, 0);
    announce(document.title);
  }
  first = false;
}

/** To be somebody else, or nobody: weir refuses once what the browser remembers, which then forgets it and asks. */
function logOut() {
  const turn = [...crypto.getRandomValues(new Uint8Array(16))].map(each => each.toString(16).padStart(2, '0')).join('');
  return el('a', { href: 'logout?turn=' + turn }, 'Log out');
}

function frame() {
  const who = document.getElementById('who');
  if (site.user) {
    who.replaceChildren('as ', el('strong', {}, site.user), ...(site.mayLogOut ? [' ', logOut()] : []));
  } else {
    who.replaceChildren(site.mayLogIn ? el('a', { href: 'login' }, 'Log in') : '');
  }
  document.getElementById('foot').replaceChildren(`weir ${site.version}, started `, time(site.started), ', ',
    plural(site.upstreams.length, 'upstream'));
}

document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', show);
show();
