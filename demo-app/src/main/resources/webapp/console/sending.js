// Sends what is in the box, as it stands, and keeps what comes back, as it came.

import { BatchError, createBatcher } from '../common/batcher.js';

/**
 * A batcher that posts `text` in place of what it would write itself, so that places in the text are those that the server
 * speaks of; `record.raw` is the latest answer as it came, when it is there.
 */
export function recordingBatcher(text) {
  const record = { raw: Promise.resolve('') };
  const batcher = createBatcher({
    fetch: async (input, init = {}) => {
      const response = await fetch(input, init.method === 'POST' ? { ...init, body: text } : init);
      keep(record, response);
      return response;
    },
  });
  return { batcher, record };
}

/** What the module would not send: text that is no batch. The server says what it thinks of it. */
export async function sendAsItIs(text) {
  const response = await fetch('/batch', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text });
  const record = { raw: Promise.resolve('') };
  keep(record, response);
  const problem = await response.json().catch(() => ({}));
  if (!response.ok) {
    const { status } = response;
    throw Object.assign(new BatchError(`The batch was answered with ${status}`), { status, problem, record });
  }
  return record;
}

function keep(record, response) {
  const type = response.headers.get('Content-Type') ?? '';
  if (!type.startsWith('text/event-stream')) {
    const { status, statusText, headers } = response.clone();
    const head = `HTTP ${status} ${statusText}\n${[...headers].map(([name, value]) => `${name}: ${value}`).join('\n')}`;
    record.raw = response.clone().text().then((body) => `${head}\n\n${body}`, (error) => `${head}\n\n(cut off: ${error.message})`);
  }
}
