import { spans } from './spans.js';

/**
 * The entry for an item in an envelope, and the text of its body where that is JSON.
 *
 * @param {string} text a whole entry, as it stands in the envelope
 */
export function entryOf(text) {
  const entry = JSON.parse(text);
  if (entry.body !== undefined && !entry.bodyEncoding) {
    const { from, to } = spans(text, text.indexOf('{')).find(({ name }) => name === 'body');
    entry.json = text.slice(from, to);
  }
  return entry;
}

/** All entries of an envelope, and what else it has. */
export function envelopeOf(text) {
  const { summary, status } = JSON.parse(text);
  const responses = spans(text, text.indexOf('{')).find(({ name }) => name === 'responses');
  const entries = spans(text, responses.from).map(({ from, to }) => entryOf(text.slice(from, to)));
  return { entries, summary, status };
}

/** The answer to an item as `fetch` would give it. */
export function responseOf(entry, method, url) {
  const headers = new Headers(entry.headers);
  const body = method === 'HEAD' || [204, 205, 304].includes(entry.status) ? null : contentOf(entry);
  const type = headers.get('Content-Type');
  if (type && entry.bodyEncoding !== 'base64') {
    // Text has become UTF-8 on its way, whatever it was.
    headers.set('Content-Type', type.replace(/(;\s*charset=)(?!"?utf-8)[^;]*/i, '$1utf-8'));
  }
  return dressed(new Response(body, { status: entry.status, statusText: entry.message, headers }), url);
}

function contentOf({ json, body, bodyEncoding }) {
  return json !== undefined ? json
    : bodyEncoding === 'base64' ? Uint8Array.from(atob(body.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))
      : body ?? null;
}

/** What a script cannot give a response when it makes one. */
function dressed(response, url) {
  const clone = response.clone.bind(response);
  return Object.defineProperties(response, {
    url: { value: url },
    type: { value: 'basic' },
    clone: { value: () => dressed(clone(), url) },
  });
}
