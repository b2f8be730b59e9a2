// What to type, and what to copy, so that others pull through this weir.
import { copyable, el, section } from './dom.js';
import { get } from './data.js';

let asked = null;

/** By what name weir is called here; asked for once, whatever view wants to know first. */
function known() {
  asked ??= get('commands', { secure: location.protocol === 'https:' ? 'true' : '' }).catch(e => {
    asked = null;
    throw e;
  });
  return asked;
}

const plainly = it => it.plain ? '--tls-verify=false ' : '';

export async function pullCommand(name, reference = '') {
  const it = await known();
  const tail = reference ? (reference.includes(':') ? '@' : ':') + reference : '';
  return `podman pull ${plainly(it)}${it.door ?? location.host}/${name}${tail}`;
}

const TITLES = { 'hosts/registries.conf.d/50-weir.conf': 'podman, skopeo, buildah, CRI-O: registries.conf' };

export async function commands(stage, { site, title }) {
  const it = await known();
  const door = it.door ?? location.host;
  stage.append(title('Use it'),
    el('p', {}, 'Images are pulled through this weir by its name before theirs, or without changing any name by the files below.'));
  if (it.lacks) {
    stage.append(el('p', { class: 'notice' }, it.lacks));
  }
  stage.append(section('Log in', copyable('Command to log in', `podman login ${plainly(it)}${door}`)));
  if (site.upstreams.length) {
    stage.append(section('Pull', ...site.upstreams.slice(0, 8).map(name =>
      copyable(`Command to pull from ${name}`, `podman pull ${plainly(it)}${door}/${name}/REPOSITORY:TAG`))));
  }
  stage.append(section('Push', copyable('Command to push', `podman push ${plainly(it)}IMAGE ${door}/REPOSITORY:TAG`)));
  for (const file of it.files) {
    stage.append(section(TITLES[file.path] ?? file.path, copyable(file.path, file.text)));
  }
}
