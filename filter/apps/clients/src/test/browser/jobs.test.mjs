import assert from 'node:assert/strict';
import test from 'node:test';
import { newImport, rowsOf, visit } from './site.mjs';

const rowsFor = (name, numbers) => numbers.map((number) => ({
  id: `row-${number}`, method: 'POST', url: `/api/imports/${name}/rows`, body: { number, sku: 'S', priceCents: 1 },
}));

const upTo = (count) => Array.from({ length: count }, (_, index) => index + 1);

test('a job tells how it goes on, up to its end, and has its result', async (t) => {
  const { proxy, run } = await visit(t);
  const name = newImport();
  const requests = [...rowsFor(name, upTo(50)), { id: 'slow', url: '/api/slow?ms=1200' }, { id: 'missing', url: '/api/products/9999' }];

  const seen = await run(async (all) => {
    const heard = [];
    const job = await batcher.job(all, { execution: 'parallel', onProgress: (status) => heard.push(status) });
    const accepted = heard.length;
    const over = await job.over;
    const result = await job.result();
    return {
      accepted, heard, over,
      latest: job.status,
      location: String(job.location),
      statuses: result.responses.map(({ id, status }) => [id, status]),
      summary: result.summary,
      slow: result.get('slow').body,
    };
  }, requests);

  assert.equal(seen.over.state, 'done');
  assert.deepEqual([seen.over.total, seen.over.completed, seen.over.succeeded, seen.over.failed], [52, 52, 51, 1]);
  assert.deepEqual(seen.latest, seen.over);
  assert.deepEqual(seen.statuses, requests.map(({ id }) => [id, { slow: 200, missing: 404 }[id] || 201]));
  assert.equal(seen.summary.succeeded, 51);
  assert.deepEqual(seen.slow, { sleptMillis: 1200 });
  assert.ok(seen.heard.length >= 2, `${seen.heard.length} times progress`);
  const completed = seen.heard.map((status) => status.completed);
  assert.deepEqual(completed, [...completed].sort((one, other) => one - other));
  assert.equal(seen.heard.at(-1).state, 'done');
  assert.match(seen.location, /\/batch\/jobs\/[0-9a-f]{32}$/);
  assert.deepEqual(await rowsOf(name), { rows: 50, distinct: 50 });
  assert.equal(proxy.batches().length, 1);
});

test('what is cancelled does not begin', async (t) => {
  const { run } = await visit(t);
  const name = newImport();

  const seen = await run(async (rows) => {
    const slow = Array.from({ length: 30 }, (_, index) => ({ id: `slow-${index}`, url: `/api/slow?ms=300&n=${index}` }));
    const job = await batcher.job([...slow, ...rows], { execution: 'sequential' });
    await job.cancel();
    const { state } = await job.over;
    const { responses } = await job.result();
    return { state, last: responses.at(-1).status, failed: (await job.failed()).map(({ id }) => id) };
  }, rowsFor(name, [1]));

  assert.equal(seen.state, 'cancelled');
  assert.equal(seen.last, 503);
  assert.ok(seen.failed.includes('row-1'));
  assert.deepEqual(await rowsOf(name), { rows: 0, distinct: 0 });
});

test('what has failed for good can be posted again as it is', async (t) => {
  const { run } = await visit(t);
  const name = newImport();

  const seen = await run(async (requests) => {
    const job = await batcher.job(requests);
    await job.over;
    const failed = await job.failed();
    const { summary } = await batcher.batch(failed);
    return { failed: failed.map(({ id, method, url }) => [id, method, url]), summary };
  }, rowsFor(name, [99, 100, 200]));

  const url = `/api/imports/${name}/rows`;
  assert.deepEqual(seen.failed, [['row-100', 'POST', url], ['row-200', 'POST', url]]);
  assert.equal(seen.summary.succeeded, 2);
  assert.deepEqual(await rowsOf(name), { rows: 3, distinct: 3 });
});

test('another page opens a job by its location', async (t) => {
  const { reload, run } = await visit(t);

  const location = await run(async () => {
    const job = await batcher.job([{ id: 'slow', url: '/api/slow?ms=1500' }, { id: 'tiny', url: '/api/tiny' }]);
    return String(job.location);
  });
  await reload();
  const seen = await run(async (where) => {
    const heard = [];
    const job = await batcher.openJob(where, { onProgress: ({ state }) => heard.push(state) });
    const over = await job.over;
    const result = await job.result();
    return { state: over.state, last: heard.at(-1), body: result.get('slow').body, location: String(job.location) };
  }, location);

  assert.deepEqual(seen, { state: 'done', last: 'done', body: { sleptMillis: 1500 }, location });
});

test('a job that is over already can be opened as well', async (t) => {
  const { run } = await visit(t);

  const seen = await run(async () => {
    const first = await batcher.job([{ id: 1, url: '/api/tiny' }]);
    await first.over;
    const again = await batcher.openJob(new URL(first.location, document.baseURI));
    return [(await again.over).state, (await again.result()).get(1).body];
  });

  assert.deepEqual(seen, ['done', { ok: true }]);
});

test('a job that is not there is an error, not a wait', async (t) => {
  const { run } = await visit(t);

  const seen = await run(async () => {
    const waiting = async () => (await batcher.openJob('/batch/jobs/00000000000000000000000000000000')).over;
    return waiting().then(({ state }) => state, ({ name, status }) => [name, status]);
  });

  assert.deepEqual(seen, ['BatchError', 404]);
});

test('a malformed job is a BatchError', async (t) => {
  const { run } = await visit(t);

  const seen = await run(() => batcher.job([{ id: 'a', url: '/x' }, { id: 'a', url: '/y' }])
    .then(() => 'taken', ({ name, status }) => [name, status]));

  assert.deepEqual(seen, ['BatchError', 400]);
});

test('a signal ends waiting for a job, not the job', async (t) => {
  const { run } = await visit(t);
  const name = newImport();

  const seen = await run(async (rows) => {
    const controller = new AbortController();
    const requests = [{ id: 'slow', url: '/api/slow?ms=1000' }, ...rows];
    const job = await batcher.job(requests, { execution: 'sequential', signal: controller.signal });
    controller.abort('enough');
    const reason = await job.over.catch((thrown) => thrown);
    const { state } = await (await batcher.openJob(job.location)).over;
    return { reason, state };
  }, rowsFor(name, [1]));

  assert.deepEqual(seen, { reason: 'enough', state: 'done' });
  assert.deepEqual(await rowsOf(name), { rows: 1, distinct: 1 });
});

test('progress goes on where a proxy cuts its streams off', async (t) => {
  const cut = [];
  const { run } = await visit(t, {}, {
    answer({ headers, path }, response, body) {
      if (!/event-stream/.test(headers.accept) || !path.startsWith('/batch/jobs/')) {
        return false;
      }
      cut.push(path);
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(body.subarray(0, body.indexOf('\n\n') + 2), () => response.destroy());
      return true;
    },
  });

  const state = await run(async () => {
    const job = await batcher.job([{ id: 'slow', url: '/api/slow?ms=500' }]);
    return (await job.over).state;
  });

  assert.equal(state, 'done');
  assert.ok(cut.length >= 1);
});
