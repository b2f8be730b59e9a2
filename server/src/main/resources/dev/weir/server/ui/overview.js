// How weir as a whole stands: watched.
import { announce, bar, el, row, section, table } from './dom.js';
import { Refused, get, often, repositoryLink } from './data.js';
import { brief, bytes, clock, count, percent, plural, short, size, time } from './words.js';
import { plots } from './plot.js';

const BUSY_MILLIS = 1500;
const CALM_MILLIS = 4000;
const PLOT_MILLIS = 10_000;
const SHOWN_AFTER_MILLIS = 8000;

const DOWNLOADS = [{ title: 'Image' }, { title: 'Blob' }, { title: 'Progress', class: 'wide' }, { title: 'From' },
  { title: 'Clients', class: 'number' }];
const UPSTREAMS = [{ title: 'Upstream' }, { title: 'State' }];
const EVICTIONS = [{ title: 'Image' }, { title: 'Went' }, { title: 'Last asked for' }, { title: 'Freed', class: 'number' }];

export async function overview(stage, { site, signal, title }) {
  const heading = title('Overview');
  if (!site.seesAll) {
    stage.append(heading, el('p', { class: 'notice' }, 'What concerns weir as a whole is shown to those who administer it. ',
      el('a', { href: '#/repositories' }, 'The repositories that you may pull from'), ' are here all the same.'));
    return;
  }
  const lost = el('div', { class: 'notice bad', hidden: true });
  const trouble = el('div', {});
  const tiles = el('div', { class: 'tiles' });
  const downloads = new Downloads();
  const upstreams = el('div', {});
  const works = el('div', {});
  const evictions = el('div', {});
  const drawing = plots();
  const parts = { trouble, tiles, works, upstreams, evictions };
  const known = {};
  let lastHour = null;
  let asOf = null;
  const fails = e => {
    const final = e instanceof Refused && e.isFinal;
    const text = final ? `weir no longer shows this to you: ${e.message}.`
      : `weir does not answer this page: ${e.message}.`;
    if (lost.hidden || lost.dataset.text !== text) {
      lost.dataset.text = text;
      lost.replaceChildren(el('p', {}, text, asOf ? ` The numbers are as of ${clock(asOf)}. ` : ' ',
        final ? el('a', { href: 'login' }, 'Log in again') : ''));
      lost.hidden = false;
      announce(text);
    }
    return !final;
  };
  const update = async () => {
    try {
      const standing = await get('standing', {}, signal);
      const drawn = { trouble: showTrouble(standing.trouble), tiles: showTiles(standing, lastHour, site),
        works: showWorks(standing.works), upstreams: showUpstreams(standing.upstreams),
        evictions: showEvictions(standing.evictions) };
      for (const [name, part] of Object.entries(parts)) {
        replaceIfOther(known, name, part, drawn[name]);
      }
      downloads.update(standing.downloads, standing.coming, standing.ended);
      asOf = new Date();
      if (!lost.hidden) {
        lost.hidden = true;
        announce('weir answers again');
      }
    } catch (e) {
      return signal.aborted || fails(e);
    }
    return true;
  };
  const draw = async () => {
    try {
      lastHour = await get('hour', {}, signal);
      const span = drawing.span();
      drawing.draw(span === 'hour' ? lastHour : await get(span, {}, signal));
    } catch (e) {
      return !(e instanceof Refused && e.isFinal); // the other look tells
    }
    return true;
  };
  drawing.onSpan(draw);
  stage.append(heading, lost, trouble, tiles, section('Downloads in flight', downloads.element), works,
    section('What clients got', drawing.element), el('div', { class: 'pair' }, section('Upstreams', upstreams),
      section('Last evictions', evictions)));
  await draw();
  if (!await update()) {
    return;
  }
  often(() => downloads.rows.size > 0 ? BUSY_MILLIS : CALM_MILLIS, signal, update);
  often(() => PLOT_MILLIS, signal, draw);
}

/** What is the same as before stays; whoever is at something that does not is at its like afterwards. */
function replaceIfOther(known, name, part, nodes) {
  const probe = el('div', {}, nodes);
  const drawn = probe.textContent + probe.querySelectorAll('*').length;
  if (known[name] !== drawn) {
    known[name] = drawn;
    const at = places(part).findIndex(each => each === document.activeElement);
    const scrolled = [...part.querySelectorAll('.scroll')].map(each => each.scrollLeft);
    part.replaceChildren(...probe.childNodes);
    part.querySelectorAll('.scroll').forEach((each, i) => { each.scrollLeft = scrolled[i] ?? 0; });
    if (at >= 0) {
      places(part)[at]?.focus({ preventScroll: true });
    }
  }
}

/** Where the keyboard can be. */
const places = part => [...part.querySelectorAll('a[href], button, [tabindex]')];

const showTrouble = sentences => sentences.length === 0 ? []
  : [el('div', { class: 'notice bad', role: 'group', 'aria-label': 'Needs attention' },
    el('ul', {}, sentences.map(each => el('li', {}, each))))];

function tile(label, value, ...more) {
  return el('div', { class: 'tile' }, el('p', { class: 'label' }, label), el('p', { class: 'value' }, value), ...more);
}

/** The bound may be far away while the disk, which others write to as well, is full. */
function fullness(room) {
  const ofBound = room.bound ? room.used / room.bound : 0;
  const left = room.used + room.free;
  return Math.min(1, Math.max(ofBound, left ? 1 - room.free / left : 1));
}

const fullWords = share => share >= 0.99 ? el('strong', {}, 'full: ') : share > 0.95 ? el('strong', {}, 'nearly full: ') : '';

function heldTile(held) {
  return held === undefined
    ? tile('Held', 'in a bucket', el('p', { class: 'more' }, 'not counted: others may write there as well'))
    : tile('Held', bytes(held.bytes), el('p', { class: 'more' },
      `${plural(held.images, 'image')} in ${plural(held.repositories, 'repository', 'repositories')}, ${plural(held.blobs, 'blob')}`,
      held.counted ? '' : ', still counting'));
}

function showTiles({ held, rooms, coming }, hour, site) {
  const tiles = [heldTile(held)];
  for (const room of rooms) {
    // scratch room is meant to fill up: what lies there is also in the bucket
    const share = held === undefined ? room.used / Math.max(1, room.bound) : fullness(room);
    tiles.push(tile(held === undefined ? 'Scratch room' : 'Disk', percent(share), bar(held === undefined ? Math.min(share, 0.95) : share),
      el('p', { class: 'more' }, held === undefined ? '' : fullWords(share),
        held === undefined ? `${bytes(room.used)} of ${bytes(room.bound)} kept at hand`
          : `${bytes(room.used)} of ${bytes(room.bound)} used or promised, ${bytes(room.free)} free`)));
  }
  const started = new Date(site.started);
  const span = Date.now() - started.getTime() < 3_600_000 ? 'since ' + clock(started) : 'in the last hour';
  const [hits, misses] = hour ? [sum(hour.hits), sum(hour.misses)] : [0, 0];
  tiles.push(tile('Answered from here', hits + misses ? percent(hits / (hits + misses)) : '–',
    el('p', { class: 'more' }, `${count(hits + misses)} requests ${span}, ${count(misses)} asked upstream`)));
  tiles.push(tile('Saved', hour ? bytes(Math.max(0, sum(hour.sent) - sum(hour.pulled))) : '–',
    el('p', { class: 'more' }, hour ? `${bytes(sum(hour.sent))} sent, ${bytes(sum(hour.pulled))} fetched ${span}; `
      + plural(coming, 'download') + ' now' : '')));
  return tiles;
}

const sum = values => values.reduce((a, b) => a + b, 0);

const showWorks = works => works.length === 0 ? [] : [section('At work', el('ul', { class: 'works' }, works.map(work =>
  el('li', {}, el('strong', {}, work.kind), ' since ', time(work.started), work.at ? ': ' + work.at : '',
    work.total ? `, ${count(work.done)} of ${count(work.total)}` : '', work.total ? el('progress', { max: work.total, value: work.done, 'aria-label': work.kind }) : ''))))];

const showUpstreams = upstreams => upstreams.length === 0
  ? [el('p', { class: 'empty' }, 'No upstream is configured: weir holds what is pushed.')]
  : [table('Upstreams', UPSTREAMS, upstreams.map(each => row(UPSTREAMS, [each.name, health(each)])))];

/** As the last request to it found it. */
function health({ state, since, why }) {
  switch (state) {
    case 'answers': return el('span', { class: 'badge good' }, 'answers');
    case 'down': return [el('span', { class: 'badge bad' }, 'down'), since ? [' since ', time(since), ' '] : ' ',
      el('span', { class: 'why' }, why ?? '')];
    case 'away': return [el('span', { class: 'badge bad' }, 'left alone'), ' it wants no requests for a moment'];
    case 'offline': return [el('span', { class: 'badge absent' }, 'offline'), ' weir asks nobody (cache.offline)'];
    default: return el('span', { class: 'badge absent' }, 'not asked yet');
  }
}

const images = (repositories, digest) => repositories.length === 0 ? brief(digest)
  : [el('a', { href: repositoryLink(repositories[0]) }, repositories[0]),
    repositories.length > 1 ? ` and ${repositories.length - 1} more` : ''];

const showEvictions = evictions => evictions.length === 0
  ? [el('p', { class: 'empty' }, 'Nothing had to go since the start.')]
  : [table('Last evictions', EVICTIONS, evictions.slice(0, 12).map(each => row(EVICTIONS,
    [[images(each.repositories, each.digest), ' ', brief(each.digest)],
      time(each.when), time(each.lastUsed), size(each.bytes)])))];

/** One row a download, which stays the same row from one look to the next, and a moment longer. */
class Downloads {
  constructor() {
    this.rows = new Map();
    this.body = null;
    this.empty = el('p', { class: 'empty' }, 'Nothing is on its way.');
    this.more = el('p', { class: 'more' });
    this.table = table('Downloads in flight', DOWNLOADS, []);
    this.body = this.table.querySelector('tbody');
    this.element = el('div', {}, this.empty, this.table, this.more);
    this.table.hidden = true;
  }

  update(downloads, coming, ended) {
    const now = performance.now();
    const seen = new Set();
    for (const each of downloads) {
      seen.add(each.digest);
      this.row(each, now).show(each, now);
    }
    for (const [digest, known] of this.rows) {
      const end = ended.find(each => each.digest === digest);
      if (!seen.has(digest) && !known.overAt && (end || coming <= downloads.length)) {
        known.over(now, end);
        announce(`Download of ${known.name} ${end?.held ? 'is over' : end ? 'broke off' : 'is no longer under way'}`);
      } else if (known.overAt && now - known.overAt > SHOWN_AFTER_MILLIS) {
        known.element.remove();
        this.rows.delete(digest);
      }
    }
    this.empty.hidden = this.rows.size > 0;
    this.table.hidden = this.rows.size === 0;
    this.more.textContent = coming > downloads.length ? `and ${coming - downloads.length} more` : '';
  }

  row(download) {
    const known = this.rows.get(download.digest);
    if (known && !known.overAt) {
      return known;
    }
    known?.element.remove();
    const fresh = new DownloadRow(download);
    this.rows.set(download.digest, fresh);
    this.body.append(fresh.element);
    announce(`Download of ${fresh.name} has begun`);
    return fresh;
  }
}

class DownloadRow {
  constructor(download) {
    this.name = download.repositories[0] ?? short(download.digest);
    this.overAt = 0;
    this.bar = el('progress', { 'aria-label': 'Download of ' + this.name });
    this.text = el('span', { class: 'progress' });
    this.from = el('span', {});
    this.clients = el('span', {});
    this.element = row(DOWNLOADS, [images(download.repositories, download.digest),
      brief(download.digest), [this.bar, this.text], this.from, this.clients]);
    this.before = null;
  }

  show(download, now) {
    const known = download.size > 0;
    if (known) {
      this.bar.max = download.size;
      this.bar.value = download.received;
    }
    const speed = this.before && now > this.before.at
      ? (download.received - this.before.received) / (now - this.before.at) * 1000 : 0;
    this.before = { received: download.received, at: now };
    this.last = download;
    this.text.textContent = known
      ? `${percent(download.received / download.size)} of ${bytes(download.size)}${speed > 0 ? `, ${bytes(speed)}/s` : ''}`
      : 'asking for it';
    this.from.textContent = download.from;
    this.clients.textContent = count(download.clients);
  }

  over(now, end) {
    this.overAt = now;
    this.element.classList.add('over');
    if (end?.held) {
      this.bar.max = 1;
      this.bar.value = 1;
    } else if (!this.bar.hasAttribute('value')) {
      this.bar.value = 0;
    }
    this.text.textContent = end?.held ? `over${this.last?.size > 0 ? ', ' + bytes(this.last.size) : ''}`
      : end ? 'broke off: it is not here' : 'no longer under way';
    this.clients.textContent = '';
  }
}
