import { members } from './members.js';

/**
 * The entry for an item in an envelope, with the text of its body if that is JSON.
 *
 * @param {string} text a whole entry, as it stands in the envelope
 */
export function entryOf(text) {
  const entry = JSON.parse(text);
  if (!entry.bodyEncoding) {
    [, entry.json] = memberOf(text, 'body');
  }
  return entry;
}

/** All entries of an envelope, and its summary. */
export function envelopeOf(text) {
  const { summary } = JSON.parse(text);
  const entries = summary.total ? members(memberOf(text, 'responses')[1]) : [];
  return { entries: entries.map(([, entry]) => entryOf(entry)), summary };
}

const memberOf = (text, wanted) => members(text).find(([name]) => name === wanted) ?? [];

/** The answer to an item as `fetch` would give it. */
export function responseOf({ status, message, headers, json, body, bodyEncoding }, method, url) {
  const content = method === 'HEAD' || [204, 205, 304].includes(status) ? null
    : bodyEncoding === 'base64' ? Uint8Array.from(atob(body.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))
      : json ?? body;
  return dressed(new Response(content, { status, statusText: message, headers }), url);
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
