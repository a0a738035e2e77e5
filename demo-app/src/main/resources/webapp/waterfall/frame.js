// The frames that races are run in: one for each port, since calls have to go to the origin of their page.

const LOADING_MILLIS = 15_000;
const RACING_MILLIS = 60_000;
/** Browsers do not ask about the certificate of a frame. */
const untrusted = location.protocol === 'https:' ? '; if its certificate is not trusted, open it once by itself' : '';

/** Opens the track of a port; resolves when its calls have gone once, unmeasured. */
export async function openTrack(port, host) {
  const url = new URL('race.html', location.href);
  url.port = port;
  url.hash = encodeURIComponent(location.origin);
  const frame = document.createElement('iframe');
  frame.title = 'Where the calls of the race start';
  frame.className = 'track';
  frame.tabIndex = -1;
  frame.setAttribute('aria-hidden', 'true');
  const ready = messages(frame, url.origin, 'ready', LOADING_MILLIS, () => {});
  frame.src = url.href;
  host.append(frame);
  try {
    await ready;
    await ask(frame, url.origin, { type: 'warm' }, 'warm', () => {});
  } catch (error) {
    frame.remove();
    throw error;
  }
  return {
    /** Runs one lane and hands on what happens; resolves with the figures of its end. */
    run: (lane, show) => ask(frame, url.origin, { type: 'run', lane }, 'end', show),
  };
}

function ask(frame, origin, question, last, show) {
  const answer = messages(frame, origin, last, RACING_MILLIS, show);
  frame.contentWindow.postMessage(question, origin);
  return answer;
}

/** Listens to a frame until it says what is expected. */
function messages(frame, origin, last, millis, show) {
  return new Promise((resolve, reject) => {
    const finish = (done, value) => {
      clearTimeout(timer);
      removeEventListener('message', hear);
      done(value);
    };
    const hear = ({ source, origin: from, data }) => {
      if (source !== frame.contentWindow || from !== origin) {
        return;
      }
      if (data.type === 'failed') {
        finish(reject, new Error(data.message));
      } else if (data.type === last) {
        finish(resolve, data);
      } else {
        show(data);
      }
    };
    const timer = setTimeout(() => finish(reject, new Error(`nothing is heard from ${origin}${untrusted}`)), millis);
    addEventListener('message', hear);
  });
}
