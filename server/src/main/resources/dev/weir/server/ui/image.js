// One image, as somebody made it.
import { bar, copyable, el, facts, row, section, table } from './dom.js';
import { get, imageLink, repositoryLink } from './data.js';
import { brief, keeping, plural, short, size, time } from './words.js';
import { pullCommand } from './commands.js';
import { crumbs } from './repository.js';

const PLATFORMS = [{ title: 'Platform', class: 'wide' }, { title: 'Here' }, { title: 'Size', class: 'number' }, { title: 'Digest' }];
const LAYERS = [{ title: 'Layer' }, { title: 'Here' }, { title: 'Beside the largest', class: 'bars' }, { title: 'Size', class: 'number' },
  { title: 'Media type', class: 'wide' }];
const REFERRERS = [{ title: 'What', class: 'wide' }, { title: 'Digest' }, { title: 'Says', class: 'wide' }];
const PAIRS = [{ title: 'Key' }, { title: 'Value', class: 'wide' }];
const SIDE = { sig: 'signature (cosign)', att: 'attestation (cosign)', sbom: 'bill of materials (cosign)' };

export async function image(stage, { signal, parameters, title }) {
  const name = parameters.get('name') ?? '';
  const reference = parameters.get('reference') ?? '';
  const [it, command] = await Promise.all([get('image', { repository: name, reference }, signal),
    pullCommand(name, reference)]);
  const byDigest = await pullCommand(name, it.digest);
  const separator = reference.includes(':') ? '@' : ':';
  stage.append(crumbs(el('a', { href: repositoryLink(name) }, name)),
    title(name + separator + (separator === '@' ? 'sha256:' + short(reference) : reference), ' ', keeping(it.keeping)),
    copyable('Command to pull', command), command === byDigest ? '' : copyable('Command to pull by digest', byDigest),
    whole(name, it));
  if (it.platforms.length) {
    stage.append(section('Platforms', table('Platforms', PLATFORMS, it.platforms.map(each => platform(name, each)))));
  }
  if (it.layers.length) {
    stage.append(section('Layers', layers(it.layers)));
  }
  if (it.config) {
    configuration(stage, it.config);
  }
  pairs(stage, 'Annotations', it.annotations);
  stage.append(section('Signatures and what refers to it', referrers(name, it)));
}

const code = digest => el('code', { title: digest }, digest);
const here = held => el('span', { class: held ? 'badge good' : 'badge absent' }, held ? 'here' : 'not here');

function whole(name, it) {
  return facts([['Digest', code(it.digest)], ['Media type', it.mediaType], ['Kind', it.kind], ['Artifact type', it.artifactType],
    ['Size', el('span', {}, size(it.size), it.kind === 'index' ? ', as far as its images are here' : '')],
    ['Came here', it.written ? time(it.written) : ''], ['Pinned as', it.pins.join(', ')],
    ['Refers to', it.subject ? el('a', { href: imageLink(name, it.subject) }, code(it.subject)) : '']]);
}

const platform = (name, each) => row(PLATFORMS, [each.held
  ? el('a', { href: imageLink(name, each.digest) }, each.platform || 'not stated') : each.platform || 'not stated',
here(each.held), each.size ? size(each.size) : '', brief(each.digest)]);

function layers(all) {
  const most = Math.max(1, ...all.map(each => each.size));
  const sum = all.reduce((total, each) => total + each.size, 0);
  return el('div', {}, el('p', { class: 'found' }, plural(all.length, 'layer'), ', ', size(sum)),
    table('Layers', LAYERS, all.map(each => row(LAYERS, [brief(each.digest), here(each.held),
      bar(each.size / most), size(each.size),
      each.mediaType]))));
}

function configuration(stage, config) {
  const line = words => words.length ? el('code', {}, words.map(word => /^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word)).join(' ')) : '';
  stage.append(section('Configuration', facts([['Platform', config.platform], ['Created', config.created ? time(config.created) : ''],
    ['Author', config.author], ['Entry point', line(config.entrypoint)], ['Command', line(config.command)], ['User', config.user],
    ['Directory', config.workingDirectory], ['Ports', config.ports.join(', ')], ['Configuration', code(config.digest)]])));
  if (config.history.length) {
    stage.append(el('details', {}, el('summary', {}, `History, ${plural(config.history.length, 'step')}`),
      el('ol', { class: 'history' }, config.history.map(step => el('li', { class: step.empty ? 'nothing' : '' },
        el('code', {}, step.by || step.comment))))));
  }
  pairs(stage, 'Labels', config.labels);
}

function pairs(stage, title, all) {
  const entries = Object.entries(all);
  if (entries.length) {
    stage.append(section(title, table(title, PAIRS, entries.sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, value]) => row(PAIRS, [el('code', {}, key), el('span', { class: 'said' }, value)])))));
  }
}

function referrers(name, it) {
  const rows = it.referrers.map(each => row(REFERRERS, [el('a', { href: imageLink(name, each.digest) }, each.type),
    brief(each.digest),
    Object.entries(each.annotations).map(([key, value]) => `${key}: ${value}`).join('; ')]));
  const tags = it.tags.map(each => row(REFERRERS, [el('a', { href: imageLink(name, each.tag) }, SIDE[each.what] ?? each.what),
    brief(each.digest), '']));
  return rows.length + tags.length ? table('What refers to it', REFERRERS, [...rows, ...tags])
    : el('p', { class: 'empty' }, 'None is held here.');
}
