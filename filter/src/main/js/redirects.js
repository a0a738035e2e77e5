import { dressed } from './answers.js';

/**
 * Goes on where the answer to a call leads that is not to be sent again, as `fetch` would (Fetch, 4.4).
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {import('./calls.js').Call} call
 * @param {number} status
 * @param {string} location
 * @returns {Promise<Response>}
 */
export async function follow(endpoint, call, status, location) {
  const { url, method, headers, bytes, givenKey, request } = call;
  const target = new URL(location, url);
  if (!/^https?:$/.test(target.protocol)) {
    throw new TypeError(`${url} leads to ${target.protocol}, where fetch does not go`);
  }
  const asGet = status === 303 || (status < 303 && method === 'POST');
  const isDropped = (name) => (name === 'idempotency-key' && (asGet || givenKey))
    || (name === 'authorization' && target.origin !== endpoint.url.origin)
    || (asGet && name.startsWith('content-'));
  const response = await endpoint.send(target, {
    credentials: request.credentials,
    headers: headers.filter(([name]) => !isDropped(name)),
    signal: call.bound(),
    ...(!asGet && { method, body: bytes }),
  });
  return dressed(response, { type: response.type, url: response.url, redirected: true });
}
