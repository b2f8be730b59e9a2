// How weir as a whole stands: watched.
import { announce, bar, el, row, section, table } from './dom.js';
import { get, often, repositoryLink } from './data.js';
import { brief, bytes, count, percent, plural, short, size, time } from './words.js';
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
  const update = async () => {
    try {
      const standing = await get('standing', {}, signal);
      const drawn = { trouble: showTrouble(standing.trouble), tiles: showTiles(standing, lastHour),
        works: showWorks(standing.works), upstreams: showUpstreams(standing.upstreams),
        evictions: showEvictions(standing.evictions) };
      for (const [name, part] of Object.entries(parts)) {
        replaceIfOther(known, name, part, drawn[name]);
      }
      downloads.update(standing.downloads, standing.coming);
    } catch (e) {
      if (!signal.aborted) {
        trouble.replaceChildren(el('p', { class: 'notice bad' }, 'weir does not answer this page: ' + e.message));
      }
    }
  };
  const draw = async () => {
    try {
      const span = drawing.span();
      const plot = await get(span, {}, signal);
      lastHour = span === 'hour' ? plot : lastHour;
      drawing.draw(plot);
    } catch {
      // the next time tells
    }
  };
  drawing.onSpan(draw);
  stage.append(heading, trouble, tiles, section('Downloads in flight', downloads.element), works,
    section('What clients got', drawing.element), el('div', { class: 'pair' }, section('Upstreams', upstreams),
      section('Last evictions', evictions)));
  await draw();
  await update();
  often(() => downloads.rows.size > 0 ? BUSY_MILLIS : CALM_MILLIS, signal, update);
  often(() => PLOT_MILLIS, signal, draw);
}

/** What is the same as before stays, and so does whatever somebody is at. */
function replaceIfOther(known, name, part, nodes) {
  const probe = el('div', {}, nodes);
  const drawn = probe.textContent + probe.querySelectorAll('*').length;
  if (known[name] !== drawn && !part.contains(document.activeElement)) {
    known[name] = drawn;
    part.replaceChildren(...probe.childNodes);
  }
}

const showTrouble = sentences => sentences.length === 0 ? []
  : [el('div', { class: 'notice bad', role: 'group', 'aria-label': 'Needs attention' },
    el('ul', {}, sentences.map(each => el('li', {}, each))))];

function tile(label, value, ...more) {
  return el('div', { class: 'tile' }, el('p', { class: 'label' }, label), el('p', { class: 'value' }, value), ...more);
}

function showTiles({ held, rooms, coming }, hour) {
  const tiles = held === undefined ? [] : [tile('Held', bytes(held.bytes), el('p', { class: 'more' },
    `${plural(held.images, 'image')} in ${plural(held.repositories, 'repository', 'repositories')}, ${plural(held.blobs, 'blob')}`,
    held.counted ? '' : ', still counting'))];
  for (const room of rooms) {
    tiles.push(tile('Disk', percent(room.bound ? room.used / room.bound : 0),
      bar(room.bound ? room.used / room.bound : 0),
      el('p', { class: 'more' }, `${bytes(room.used)} of ${bytes(room.bound)} used or promised, ${bytes(room.free)} free`)));
  }
  const [hits, misses] = hour ? [sum(hour.hits), sum(hour.misses)] : [0, 0];
  tiles.push(tile('Answered from here', hits + misses ? percent(hits / (hits + misses)) : '–',
    el('p', { class: 'more' }, `${count(hits + misses)} requests in the last hour, ${count(misses)} asked upstream`)));
  tiles.push(tile('Saved', hour ? bytes(Math.max(0, sum(hour.sent) - sum(hour.pulled))) : '–',
    el('p', { class: 'more' }, hour ? `${bytes(sum(hour.sent))} sent, ${bytes(sum(hour.pulled))} fetched in the last hour; `
      + plural(coming, 'download') + ' now' : '')));
  return tiles;
}

const sum = values => values.reduce((a, b) => a + b, 0);

const showWorks = works => works.length === 0 ? [] : [section('At work', el('ul', { class: 'works' }, works.map(work =>
  el('li', {}, el('strong', {}, work.kind), ' since ', time(work.started), work.at ? ': ' + work.at : '',
    work.total ? `, ${count(work.done)} of ${count(work.total)}` : '', work.total ? el('progress', { max: work.total, value: work.done, 'aria-label': work.kind }) : ''))))];

const showUpstreams = upstreams => upstreams.length === 0
  ? [el('p', { class: 'empty' }, 'No upstream is configured: weir holds what is pushed.')]
  : [table('Upstreams', UPSTREAMS, upstreams.map(each => row(UPSTREAMS, [each.name, each.down
    ? [el('span', { class: 'badge bad' }, 'down'), ' ', el('span', { class: 'why' }, each.why ?? 'it wants to be left alone for a moment')]
    : el('span', { class: 'badge good' }, 'answers')])))];

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

  update(downloads, coming) {
    const now = performance.now();
    const seen = new Set();
    for (const each of downloads) {
      seen.add(each.digest);
      this.row(each, now).show(each, now);
    }
    for (const [digest, known] of this.rows) {
      if (!seen.has(digest) && !known.overAt) {
        known.over(now);
        announce(`Download of ${known.name} is over`);
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

  over(now) {
    this.overAt = now;
    this.bar.value = this.bar.max;
    this.element.classList.add('over');
    this.text.textContent = `over${this.last?.size > 0 ? ', ' + bytes(this.last.size) : ''}`;
    this.clients.textContent = '';
  }
}
