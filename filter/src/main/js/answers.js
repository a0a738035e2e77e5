import { members } from './members.js';

/**
 * The entry for an item in an envelope, with the text of its body if that is JSON.
 *
 * @param {string} text a whole entry, as it stands in the envelope
 */
export function entryOf(text) {
  const entry = JSON.parse(text);
  if (!entry.bodyEncoding) {
    entry.json = memberOf(text, 'body');
  }
  return entry;
}

/** All entries of an envelope, and its summary. */
export function envelopeOf(text) {
  const { summary } = JSON.parse(text);
  const entries = summary.total ? members(memberOf(text, 'responses')) : [];
  return { entries: entries.map(([, entry]) => entryOf(entry)), summary };
}

const memberOf = (text, wanted) => (members(text).find(([name]) => name === wanted) ?? [])[1];

/** The answer to an item as `fetch` would give it. */
export function responseOf(entry, method, url) {
  const { status, message: statusText, headers } = entry;
  // Servers may answer with what scripts may not.
  const odd = status < 200 || status > 599;
  const content = method === 'HEAD' || [204, 205, 304].includes(status) ? null : contentOf(entry);
  const response = new Response(content, { status: odd ? 200 : status, statusText });
  Object.entries(headers).forEach(([name, value]) => {
    try {
      response.headers.set(name, value);
    } catch {
      // What scripts may not set costs nothing else.
    }
  });
  return dressed(response, { url, ...(odd && { status, ok: false }) });
}

function contentOf({ headers, json, body, bodyEncoding }) {
  const charsOf = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  return bodyEncoding === 'base64' ? charsOf(atob(body.replace(/-/g, '+').replace(/_/g, '/')))
    : bodyEncoding && /charset="?iso-8859-1\b/i.test(headers['Content-Type']) ? charsOf(body)
      : json ?? body;
}

/** What a script cannot give a response when it makes one. */
export function dressed(response, properties) {
  const clone = response.clone.bind(response);
  Object.entries({ type: 'basic', ...properties, clone: () => dressed(clone(), properties) })
    .forEach(([name, value]) => Object.defineProperty(response, name, { value }));
  return response;
}
