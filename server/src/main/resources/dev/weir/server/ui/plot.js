// What clients got over time, drawn by hand.
import { el, svg } from './dom.js';
import { bytes, count, percent } from './words.js';

const WIDTH = 720;
const HEIGHT = 120;
const LEFT = 58;
const BUCKETS = 60;

/** Two drawings and the switch between an hour and a week. */
export function plots() {
  let span = 'hour';
  let changed = () => {};
  const ratio = el('figure', {});
  const flow = el('figure', {});
  const detail = el('div', {});
  const buttons = ['hour', 'week'].map(each => el('button', { type: 'button', 'aria-pressed': each === span,
    on: { click: () => choose(each) } }, 'Last ' + each));
  function choose(next) {
    span = next;
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(['hour', 'week'][i] === span)));
    changed();
  }
  buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(i === 0)));
  return {
    element: el('div', { class: 'plots' }, el('div', { class: 'switch', role: 'group', 'aria-label': 'Time shown' }, buttons),
      ratio, flow, el('details', {}, el('summary', {}, 'As a table'), detail)),
    span: () => span,
    onSpan: act => { changed = act; },
    draw(plot) {
      const buckets = bucketed(plot, span === 'hour' ? 3600 : 7 * 86400);
      ratio.replaceChildren(...drawRatio(buckets, span));
      flow.replaceChildren(...drawFlow(buckets, span));
      detail.replaceChildren(asTable(buckets));
    },
  };
}

/** Samples put together to so many bars as can be told apart; the last one ends now. */
function bucketed(plot, seconds) {
  const end = plot.at[plot.at.length - 1];
  const width = seconds / BUCKETS;
  const buckets = Array.from({ length: BUCKETS }, (_, i) => ({ from: end - seconds + i * width,
    to: end - seconds + (i + 1) * width, hits: 0, misses: 0, pulled: 0, sent: 0 }));
  plot.at.forEach((at, i) => {
    const bucket = buckets[Math.min(BUCKETS - 1, Math.ceil((at - end + seconds) / width) - 1)];
    if (bucket) {
      ['hits', 'misses', 'pulled', 'sent'].forEach(key => { bucket[key] += plot[key][i]; });
    }
  });
  return buckets;
}

const x = i => LEFT + i * (WIDTH - LEFT) / BUCKETS;
const step = (WIDTH - LEFT) / BUCKETS;
const clock = seconds => new Date(seconds * 1000).toISOString().slice(5, 16).replace('T', ' ');

function frame(label, marks, ...shapes) {
  const lines = marks.map(([y, text]) => svg('g', {}, svg('line', { class: 'grid', x1: LEFT, x2: WIDTH, y1: y, y2: y }),
    svg('text', { x: LEFT - 6, y: y + 4, 'text-anchor': 'end' }, text)));
  return svg('svg', { viewBox: `0 -8 ${WIDTH} ${HEIGHT + 16}`, role: 'img', 'aria-label': label }, lines, shapes);
}

function tips(buckets, text) {
  return buckets.map((bucket, i) => svg('rect', { class: 'tip', x: x(i), y: 0, width: step, height: HEIGHT },
    svg('title', {}, `${clock(bucket.from)} – ${clock(bucket.to)} UTC: ${text(bucket)}`)));
}

const share = bucket => bucket.hits / (bucket.hits + bucket.misses);
const said = bucket => bucket.hits + bucket.misses
  ? `${percent(share(bucket))} of ${count(bucket.hits + bucket.misses)} requests from here` : 'no requests';

function drawRatio(buckets, span) {
  const y = value => HEIGHT - value * HEIGHT;
  const total = buckets.reduce((all, each) => ({ hits: all.hits + each.hits, misses: all.misses + each.misses }),
    { hits: 0, misses: 0 });
  const bars = buckets.map((bucket, i) => bucket.hits + bucket.misses === 0 ? null
    : svg('g', {}, svg('rect', { class: 'hit', x: x(i) + 0.5, width: step - 1, y: y(share(bucket)), height: share(bucket) * HEIGHT }),
      svg('rect', { class: 'miss', x: x(i) + 0.5, width: step - 1, y: 0, height: (1 - share(bucket)) * HEIGHT })));
  return [el('figcaption', {}, 'Hit ratio ', key('hit', 'from here'), key('miss', 'asked upstream')),
    frame(`Hit ratio over the last ${span}: ${said(total)}`, [[0, '100 %'], [HEIGHT / 2, '50 %'], [HEIGHT, '0 %']],
      bars, tips(buckets, said))];
}

function drawFlow(buckets, span) {
  const most = Math.max(1, ...buckets.map(each => Math.max(each.sent, each.pulled)));
  const height = value => value / most * HEIGHT;
  const bars = buckets.map((bucket, i) => svg('g', {},
    svg('rect', { class: 'hit', x: x(i) + 0.5, width: step / 2 - 0.5, y: HEIGHT - height(bucket.sent), height: height(bucket.sent) }),
    svg('rect', { class: 'miss', x: x(i) + step / 2, width: step / 2 - 0.5, y: HEIGHT - height(bucket.pulled),
      height: height(bucket.pulled) })));
  const all = buckets.reduce((sums, each) => [sums[0] + each.sent, sums[1] + each.pulled], [0, 0]);
  return [el('figcaption', {}, 'Bytes ', key('hit', 'to clients'), key('miss', 'from upstream')),
    frame(`Bytes over the last ${span}: ${bytes(all[0])} to clients, ${bytes(all[1])} from upstream`,
      [[0, bytes(most)], [HEIGHT, '0']], bars,
      tips(buckets, each => `${bytes(each.sent)} to clients, ${bytes(each.pulled)} from upstream`))];
}

const key = (kind, text) => el('span', { class: 'key ' + kind }, text);

function asTable(buckets) {
  const heads = ['Until (UTC)', 'From here', 'Asked upstream', 'To clients', 'From upstream'];
  return el('div', { class: 'scroll', role: 'region', 'aria-label': 'What clients got', tabindex: 0 },
    el('table', {}, el('thead', {}, el('tr', {}, heads.map(each => el('th', { scope: 'col' }, each)))),
      el('tbody', {}, buckets.filter(each => each.hits + each.misses + each.sent + each.pulled > 0).reverse()
        .map(each => el('tr', {}, el('th', { scope: 'row' }, clock(each.to)), el('td', {}, count(each.hits)),
          el('td', {}, count(each.misses)), el('td', {}, bytes(each.sent)), el('td', {}, bytes(each.pulled)))))));
}
