/** Whether a request with this method changes nothing, so that it may be sent again. */
export const isSafe = (method) => /^(GET|HEAD|OPTIONS)$/i.test(method);

/** 128 random bits; where a page has not come by https, browsers have no `crypto.randomUUID`. */
export const randomId = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

export const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/**
 * The members `body` and `bodyEncoding` for these bytes, which arrive as they are. JSON goes as text, or its faults would be
 * the batch's. What would be longer as text, for its control characters, goes in base64: so the size is known beforehand.
 */
export function bodyMembers(bytes, contentType) {
  try {
    if (!/charset(?!="?utf-8"?\s*(;|$))/i.test(contentType)) {
      const body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      if (JSON.stringify(body).length - body.length < 9 + bytes.length / 3) {
        return { body, bodyEncoding: 'text' };
      }
    }
  } catch {
    // No text.
  }
  return { body: base64(bytes), bodyEncoding: 'base64' };
}
