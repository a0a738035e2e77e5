// Requests that outlive a server that is busy, restarts, or is not to be reached for a while.

const GIVE_UP_MILLIS = 120_000;
const LATER = [429, 502, 503, 504];

/** The answer to `request()`, which is made again while the connection fails or the server says "later"; `tell(text)` says so. */
export async function patiently(request, tell) {
  const patience = backoff();
  for (let tries = 1; ; tries++) {
    let why;
    let seconds;
    try {
      const response = await request();
      if (!LATER.includes(response.status)) {
        if (tries > 1) {
          tell('The server answers again.');
        }
        return response;
      }
      seconds = Number(response.headers.get('Retry-After')) || undefined;
      why = new Error(`The server is busy (${response.status})`);
    } catch (error) {
      why = new Error(`The server cannot be reached (${error.message})`);
    }
    tell(`${why.message}; the page tries again …`);
    if (!(await patience.wait(seconds))) {
      throw why;
    }
  }
}

/** Waits longer each time: from a quarter of a second to eight, or as many seconds as are asked for; two minutes in all. */
export function backoff() {
  let begun = performance.now();
  let next = 250;
  return {
    reset() {
      begun = performance.now();
      next = 250;
    },
    async wait(seconds) {
      const millis = seconds === undefined ? next * (0.75 + Math.random() / 2) : seconds * 1000;
      next = Math.min(8000, next * 2);
      if (performance.now() + millis - begun > GIVE_UP_MILLIS) {
        return false;
      }
      await new Promise((resolve) => setTimeout(resolve, millis));
      return true;
    },
  };
}

/** A failed answer in words. */
export async function problemOf(response) {
  const text = await response.text();
  try {
    const { detail, title } = JSON.parse(text);
    return `${response.status}: ${detail ?? title}`;
  } catch {
    return String(response.status);
  }
}
