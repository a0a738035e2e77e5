// A server as the module sees it: an app, the batch endpoint before it, and what may go wrong on the way.

const SHOP = 'http://shop.test';
const NDJSON = 'application/x-ndjson';

/** JSON of the endpoint's own. */
export const json = (status, body, headers = {}) => new Response(
  JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } },
);

/** A refusal as the endpoint writes it. */
export const problem = (status, type, more = {}, headers = {}) => json(
  status, { type: `urn:multistatus:${type}`, title: type, status, ...more }, { 'Content-Type': 'application/problem+json', ...headers },
);

/** The same for an item that the app was not asked for. */
export const refusal = (status, type) => Object.assign(problem(status, type), { refused: true });

/**
 * @param {object} [settings]
 * @param {(item: { method: string, url: string, headers: Headers, bytes: Uint8Array, signal?: AbortSignal }) => any} [settings.app]
 *   answers one request, alone or as an item: a Response, or what is its JSON
 * @param {(request: Request, next: () => Promise<Response>) => any} [settings.way] what is between the page and the server
 */
export function serverOf({ app = ({ url }) => ({ url }), way = (request, next) => next(), keys = true, paths = ['/*'], features = [], limits = {} } = {}) {
  const kept = new Map();
  const server = {
    app,
    way,
    endpoint: `${SHOP}/batch`,
    limits: { maxRequests: 100, maxBatchBytes: 1e6, ...limits },
    /** What has come in: `POST /batch` and the like. */
    seen: [],
    /** The same, as requests with their text. */
    requests: [],
    /** What the app was asked to do, repetitions that were answered from memory not counted. */
    ran: [],
    /** The batches among `requests`, read. */
    get batches() {
      return server.requests.filter(({ batch }) => batch).map(({ batch }) => batch);
    },
    url: (path) => `${SHOP}${path}`,
    async fetch(input, init) {
      const request = new Request(input, init);
      const record = { method: request.method, path: request.url.slice(SHOP.length), headers: request.headers, request };
      server.seen.push(`${record.method} ${record.path}`);
      server.requests.push(record);
      const abort = new Promise((resolve, reject) => {
        const stop = () => reject(request.signal.reason);
        request.signal.addEventListener('abort', stop);
        if (request.signal.aborted) {
          stop();
        }
      });
      abort.catch(() => {});
      const bytes = new Uint8Array(await request.clone().arrayBuffer());
      return Promise.race([abort, server.way(request, () => answered(server, request, record, bytes), record)]);
    },
  };

  async function answered({ limits: { maxRequests, maxBatchBytes } }, request, record, bytes) {
    const { pathname } = new URL(request.url);
    if (pathname !== '/batch') {
      return run({ method: request.method, url: record.path, headers: request.headers, bytes, signal: request.signal });
    }
    if (request.method === 'GET') {
      return json(200, {
        formats: ['application/json'], streams: [NDJSON], limits: server.limits,
        execution: { default: 'ordered', supported: ['parallel'] }, features: [...features, ...(keys ? ['idempotency'] : [])], ...(keys && paths && { idempotency: { paths } }),
      });
    }
    if (bytes.length > maxBatchBytes) {
      return problem(413, 'batch-too-large', { limit: maxBatchBytes });
    }
    record.batch = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).requests;
    if (record.batch.length > maxRequests) {
      return problem(413, 'too-many-requests', { limit: maxRequests });
    }
    const status = new URL(request.url).searchParams.get('multi-status') === '200' ? 200 : 207;
    const answers = record.batch.map((item) => entry(item, request));
    return request.headers.get('Accept') === NDJSON ? streamed(answers, status) : enveloped(await Promise.all(answers), status);
  }

  async function run(item) {
    const key = !/^(GET|HEAD|OPTIONS)$/.test(item.method) && keys ? item.headers.get('Idempotency-Key') : null;
    const before = key && kept.get(key);
    if (before) {
      return before.isOver ? (await before.answer).clone() : problem(409, 'idempotency-key-in-use', {}, { 'Retry-After': '1' });
    }
    server.ran.push(item);
    const answer = Promise.resolve(server.app(item)).then((value) => (value instanceof Response ? value : json(200, value)));
    if (key) {
      const entry = { answer: answer.then((response) => response.clone()) };
      kept.set(key, entry);
      answer.then(({ status }) => {
        entry.isOver = true;
        item.answered = status < 500 && status !== 429;
        if (status === 429 || status >= 500) {
          // What has failed for now runs again.
          kept.delete(key);
        }
      }, () => kept.delete(key));
    }
    return answer;
  }

  async function entry(item, request) {
    const headers = new Headers([...request.headers].filter(([name]) => !/^(accept|content-.*|if-.*|prefer|idempotency-key)$/.test(name)));
    Object.entries(item.headers ?? {}).forEach(([name, value]) => headers.set(name, value));
    const key = request.headers.get('Idempotency-Key');
    if (key && !headers.has('Idempotency-Key')) {
      headers.set('Idempotency-Key', `${key.slice(0, -1)}/${item.id}"`);
    }
    const answer = await run({ method: item.method, url: item.url, headers, bytes: bytesOf(item) });
    const { status, headers: fields } = answer;
    const type = fields.get('Content-Type') ?? '';
    const body = Buffer.from(await answer.clone().arrayBuffer());
    const names = Object.fromEntries([...fields].map(([name, value]) => [name.replace(/(^|-)[a-z]/g, (char) => char.toUpperCase()), value]));
    const { 'Set-Cookie': cookie, ...others } = names;
    return {
      id: item.id, status, method: item.method, retryAfter: fields.get('Retry-After'), keyed: headers.has('Idempotency-Key'),
      text: `{"id":${JSON.stringify(item.id)},"status":${answer.oddStatus ?? status},"message":${JSON.stringify(answer.statusText)},"headers":${JSON.stringify(others)}`
        + `${answer.refused ? ',"refused":true' : ''}${cookie && request.headers.get('Accept') === NDJSON ? ',"cookies":"dropped"' : ''}${bodyOf(body, answer.asText ? 'text/plain' : type, item.method)}}`,
    };
  }

  return server;
}

function bytesOf({ body, bodyEncoding = 'json' }) {
  return body === undefined ? new Uint8Array()
    : new Uint8Array(bodyEncoding === 'json' ? Buffer.from(JSON.stringify(body)) : Buffer.from(body, bodyEncoding === 'text' ? 'utf8' : 'base64'));
}

function bodyOf(bytes, type, method) {
  if (!bytes.length || (method === 'HEAD' && !/problem/.test(type))) {
    return '';
  }
  return /json/.test(type) ? `,"body":${bytes}`
    : /^text/.test(type) ? `,"body":${JSON.stringify(bytes.toString(/iso-8859-1/i.test(type) ? 'latin1' : 'utf8'))},"bodyEncoding":"text"`
      : `,"body":"${bytes.toString('base64url')}","bodyEncoding":"base64"`;
}

function summaryOf(entries) {
  const failed = entries.filter(({ status }) => status >= 400);
  const passes = ({ status, method, keyed, retryAfter }) => [408, 425, 429, 502, 503, 504].includes(status)
    || ((keyed || /^(GET|HEAD|OPTIONS)$/.test(method)) && ((status >= 500 && status !== 501 && status !== 505) || (status === 409 && retryAfter)));
  const retryAfter = Math.max(0, ...failed.map((one) => Number(one.retryAfter)));
  return {
    total: entries.length, succeeded: entries.length - failed.length, failed: failed.length,
    retryable: failed.filter(passes).map(({ id }) => id), ...(retryAfter && { retryAfter }),
  };
}

const enveloped = (entries, status) => new Response(
  `{"status":${status},"responses":[${entries.map(({ text }) => text)}],"summary":${JSON.stringify(summaryOf(entries))}}`,
  { status, headers: { 'Content-Type': 'application/json' } },
);

function streamed(answers, status) {
  const body = new ReadableStream({
    async start(controller) {
      const write = (line) => controller.enqueue(new TextEncoder().encode(`${line}\n`));
      await Promise.all(answers.map(async (answer) => write((await answer).text.replace(/\n/g, ' '))));
      write(JSON.stringify({ status, summary: summaryOf(await Promise.all(answers)) }));
      controller.close();
    },
  });
  return new Response(body, { status, headers: { 'Content-Type': NDJSON } });
}

/** The answer whose body ends with an error after so many lines. */
export function cutAfter(lines, response) {
  const reader = response.body.getReader();
  let left = lines;
  const body = new ReadableStream({
    async pull(controller) {
      const { done, value } = left-- > 0 ? await reader.read() : { done: true };
      if (done) {
        controller.error(new TypeError('cut off'));
      } else {
        controller.enqueue(value);
      }
    },
  }, { highWaterMark: 0 });
  return new Response(body, response);
}

/** Something that happens later. */
export function later() {
  const it = {};
  it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }));
  return it;
}

/** What `sessionStorage` is to a page, for one test. */
export function session(t, content = {}) {
  const entries = new Map(Object.entries(content));
  globalThis.sessionStorage = { getItem: (name) => entries.get(name) ?? null, setItem: (name, value) => entries.set(name, value) };
  t.after(() => delete globalThis.sessionStorage);
  return entries;
}

/** A seeded source of numbers from 0 to 1 (mulberry32). */
export function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
