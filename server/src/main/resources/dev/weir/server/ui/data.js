// What the server tells, and when it is asked again.

/** Without a name and a password that somebody put into the address, with which no browser asks for more. */
const HERE = location.origin + location.pathname.replace(/[^/]*$/, '');

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function get(part, parameters = {}, signal) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  const answer = await fetch(`${HERE}data/${part}?${query}`, { signal, headers: { Accept: 'application/json' } });
  if (!answer.ok) {
    throw new Refused(answer.status, await sentence(answer));
  }
  return answer.json();
}

async function sentence(answer) {
  try {
    return (await answer.json()).errors[0].message;
  } catch {
    return `weir answered ${answer.status} ${answer.statusText}`;
  }
}

/** Does it again and again, so many milliseconds apart, until the view is left; not while nobody looks. */
export async function often(pause, signal, act) {
  while (await passed(pause(), signal)) {
    if (!document.hidden) {
      await act();
    }
  }
}

/** False: the view was left meanwhile. */
function passed(millis, signal) {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(!signal.aborted);
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener('abort', end);
    if (signal.aborted) {
      end();
    }
  });
}

// Addresses within the page.
export const repositoryLink = name => '#/repository?name=' + encodeURIComponent(name);
export const imageLink = (name, reference) =>
  `#/image?name=${encodeURIComponent(name)}&reference=${encodeURIComponent(reference)}`;
