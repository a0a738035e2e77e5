const SAFE = ['GET', 'HEAD', 'OPTIONS'];
const MAX_DEPTH = 90;

/** Whether a request with this method changes nothing, so that it may be sent again. */
export function isSafe(method) {
  return SAFE.includes(method.toUpperCase());
}

/** 128 random bits; where a page has not come by https, browsers have no `crypto.randomUUID`. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The members `body` and `bodyEncoding` for these bytes, which arrive as they are. */
export function bodyMembers(bytes, contentType) {
  const [, charset = 'utf-8'] = /charset="?([^";]+)/i.exec(contentType) || [];
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (/^[^;]*[/+]json\s*(;|$)/i.test(contentType) && isPlainJson(text)) {
      return `,"body":${text}`;
    }
    if (charset.toLowerCase() === 'utf-8') {
      return `,"body":${JSON.stringify(text)},"bodyEncoding":"text"`;
    }
  } catch {
    // No text.
  }
  return `,"body":"${base64(bytes)}","bodyEncoding":"base64"`;
}

/** JSON that can stand in a batch as it is: a fault of one item must not become one of the batch. */
function isPlainJson(text) {
  try {
    return depthOf(JSON.parse(text)) < MAX_DEPTH && text.trim() === text && text !== 'null' && !/\\u[dD][89a-fA-F]/.test(text);
  } catch {
    return false;
  }
}

function depthOf(value) {
  return value && typeof value === 'object'
    ? Object.values(value).reduce((deepest, each) => Math.max(deepest, depthOf(each)), 0) + 1
    : 0;
}

export function base64(bytes) {
  let binary = '';
  bytes.forEach((byte) => {
    binary += String.fromCharCode(byte);
  });
  return btoa(binary);
}
