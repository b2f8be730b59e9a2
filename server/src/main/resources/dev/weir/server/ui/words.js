// Numbers and times as people read them.
import { el } from './dom.js';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const whole = new Intl.NumberFormat('en');

export const count = number => whole.format(number);

export const plural = (number, one, many = one + 's') => `${count(number)} ${number === 1 ? one : many}`;

export function bytes(number) {
  let shown = number;
  let unit = 0;
  while (shown >= 1024 && unit < UNITS.length - 1) {
    shown /= 1024;
    unit++;
  }
  return `${unit === 0 || shown >= 100 ? Math.round(shown) : shown.toFixed(1)} ${UNITS[unit]}`;
}

/** Sizes with the exact number at hand. */
export function size(number) {
  return el('span', { title: count(number) + ' bytes' }, bytes(number));
}

const STEPS = [[60, 1, 's'], [3600, 60, 'min'], [86400, 3600, 'h'], [86400 * 60, 86400, 'd'],
  [86400 * 730, 86400 * 30.44, 'months'], [Infinity, 86400 * 365.25, 'years']];

export function ago(date, now = Date.now()) {
  const seconds = (now - date.getTime()) / 1000;
  if (seconds < 5) {
    return 'just now';
  }
  const [, step, unit] = STEPS.find(([below]) => seconds < below);
  return `${Math.floor(seconds / step)} ${unit} ago`;
}

/** A time; what is none, or none that anybody meant, is shown as it is written. */
export function time(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()) || date.getTime() <= 0) {
    return text ? el('span', {}, text) : 'not known';
  }
  return el('time', { datetime: date.toISOString(), title: date.toISOString() }, ago(date));
}

/** Of a day, as hours and minutes. */
export const clock = date => date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

export function percent(share) {
  if (share > 0 && share < 0.001) {
    return '< 0.1 %';
  }
  return (share >= 0.9995 || share === 0 ? Math.round(share * 100) : (share * 100).toFixed(1)) + ' %';
}

export const short = digest => digest.replace(/^(sha\d+:)?(.{12}).*$/, '$2');

/** The beginning of a digest, with all of it at hand. */
export const brief = digest => el('code', { class: 'brief', title: digest }, short(digest));

const KEEPING = {
  owned: 'pushed or restored by a person: stays',
  pinned: 'from upstream, and pinned: stays',
  cached: 'from upstream: may go when room is wanted',
};

export function keeping(word) {
  return el('span', { class: 'badge ' + (KEEPING[word] ? word : 'absent'), title: KEEPING[word] ?? 'its content is not here' },
    KEEPING[word] ? word : 'not here');
}
