// What the server tells, and when it is asked again.

/** Without a name and a password that somebody put into the address, with which no browser asks for more. */
const HERE = location.origin + location.pathname.replace(/[^/]*$/, '');

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** Asking again changes nothing, unless somebody logs in. */
  get isFinal() {
    return this.status === 401 || this.status === 403;
  }
}

export async function get(part, parameters = {}, signal) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  const answer = await fetch(`${HERE}data/${part}?${query}`, { signal, headers: { Accept: 'application/json', 'X-Weir-Page': '1' } });
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

/** Does it again and again, so many milliseconds apart, until it says false or the view is left; not while nobody looks. */
export async function often(pause, signal, act) {
  while (await passed(pause(), signal)) {
    if (!document.hidden && await act() === false) {
      return;
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
