// A proxy between the page and the demo: what tests look at, and what gets in the way of batches.

import http from 'node:http';

/** A page that has nothing of its own, in the origin of the proxy. */
export const BLANK = '/blank-page';

const HOP_BY_HOP = /^(connection|keep-alive|transfer-encoding)$/i;
const HTML = { 'Content-Type': 'text/html' };

/**
 * Starts one on a free port.
 *
 * `request(exchange, response)` and `answer(exchange, response, body)` may answer in place of the demo, or instead of what it
 * has answered, and return true if they do. The second one gets what the demo has sent as `exchange.answered` and `body`.
 *
 * With `keepAlive: false` each request has a connection of its own. On one that has served before, Chromium itself sends what
 * has had no answer again, be it a POST.
 *
 * @param {string} upstream where the demo is
 * @param {{request?: Function, answer?: Function, keepAlive?: boolean}} hooks
 */
export async function startProxy(upstream, hooks = {}) {
  const agent = new http.Agent({ keepAlive: true });
  const log = [];
  const server = http.createServer((request, response) => {
    response.shouldKeepAlive = hooks.keepAlive !== false;
    if (request.url === BLANK) {
      response.writeHead(200, HTML).end('<!doctype html><title>Blank</title><link rel="icon" href="data:,">');
      return;
    }
    take(request, response).catch(() => response.destroy());
  });

  async function take(request, response) {
    const exchange = {
      method: request.method,
      url: request.url,
      path: request.url.replace(/\?.*/, ''),
      headers: request.headers,
      body: await bytesOf(request),
      // Whether whoever asked had gone before there was an answer.
      gone: false,
    };
    log.push(exchange);
    response.on('close', () => { exchange.gone = !response.writableEnded; });
    if (!(hooks.request && hooks.request(exchange, response))) {
      await forward(exchange, response);
    }
  }

  async function forward(exchange, response) {
    const { method, url, headers, body } = exchange;
    const asked = http.request(upstream + url, { method, headers, agent });
    response.on('close', () => asked.destroy());
    const answered = await new Promise((resolve, reject) => asked.on('response', resolve).on('error', reject).end(body));
    exchange.answered = { status: answered.statusCode, message: answered.statusMessage, headers: answered.headers };
    if (hooks.answer) {
      const whole = await bytesOf(answered);
      if (!hooks.answer(exchange, response, whole)) {
        writeHead(response, answered).end(whole);
      }
      return;
    }
    writeHead(response, answered);
    answered.on('aborted', () => response.destroy()).pipe(response);
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    /** All that has been asked for, in the order in which it came. */
    log,
    /** The batches that were posted, with their items. */
    batches: () => log.filter(isBatch).map((each) => Object.assign(each, { items: JSON.parse(each.body).requests })),
    /** What was asked for without a batch below a path. */
    singles: (below) => log.filter(({ path }) => path.startsWith(below)),
    forget: () => log.splice(0),
    async close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

/** Whether it is a POST to the batch endpoint. */
export function isBatch({ method, path }) {
  return method === 'POST' && path === '/batch';
}

function writeHead(response, { statusCode, statusMessage, rawHeaders }) {
  const fields = rawHeaders.flatMap((name, index) => (index % 2 || HOP_BY_HOP.test(name) ? [] : [name, rawHeaders[index + 1]]));
  return response.writeHead(statusCode, statusMessage, fields);
}

async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
