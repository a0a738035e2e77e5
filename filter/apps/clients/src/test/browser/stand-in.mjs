// Resources that the demo does not have, answered by the proxy: alone as they are, and in a batch as the endpoint would write
// them (filter/docs/WIRE-FORMAT.md, "The answer").

import { STATUS_CODES } from 'node:http';
import { isBatch } from './proxy.mjs';

/** @param {Object<string, {status: number, headers: object, body?: string | Buffer}>} resources by their paths */
export function standIn(resources) {
  const of = (url) => resources[url.replace(/[?#].*/, '')];
  return {
    request({ url, method }, response) {
      const resource = of(url);
      if (resource) {
        const { status, headers, body = '' } = resource;
        response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(method === 'HEAD' ? '' : body);
      }
      return Boolean(resource);
    },
    answer(exchange, response, whole) {
      if (!isBatch(exchange)) {
        return false;
      }
      const { answered } = exchange;
      const items = JSON.parse(exchange.body).requests;
      const replaced = (text) => {
        const { id } = JSON.parse(text);
        const item = items.find((each) => each.id === id);
        const resource = item && of(item.url);
        return resource ? entry(id, resource) : text;
      };
      // The demo writes an entry a line, in an envelope as well.
      const lines = whole.toString().split('\n').map((line) => (/^{"id":/.test(line)
        ? line.replace(/^({.*})(,|],)?$/, (_, text, rest = '') => replaced(text) + rest)
        : line));
      const { 'content-length': _, ...headers } = answered.headers;
      response.writeHead(answered.status, answered.message, headers).end(lines.join('\n'));
      return true;
    },
  };
}

function entry(id, { status, headers, body }) {
  const head = JSON.stringify({ id, status, message: STATUS_CODES[status], headers });
  return `${head.slice(0, -1)}${member(headers['Content-Type'] || '', body)}}`;
}

function member(type, body) {
  if (body === undefined) {
    return '';
  }
  if (/json/.test(type)) {
    return `,"body":${body}`;
  }
  return /^text\//.test(type)
    ? `,"body":${JSON.stringify(body)},"bodyEncoding":"text"`
    : `,"body":"${Buffer.from(body).toString('base64url')}","bodyEncoding":"base64"`;
}
