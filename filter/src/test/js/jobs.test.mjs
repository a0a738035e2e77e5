import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchError, createBatcher } from '../../main/js/batch.js';
import { batcherOf as batcherWith } from '../../main/js/batcher.js';
import { json, later, problem, serverOf } from './server.mjs';

const batcherOf = (server, options) => createBatcher({ endpoint: server.endpoint, fetch: server.fetch, ...options });
const gone = () => { throw new TypeError('gone'); };
const statusOf = (state, completed = 0) => ({ id: '1', state, total: 2, completed, succeeded: completed, failed: 0 });
const event = (status) => `event: progress\ndata: ${JSON.stringify(status)}\n\n`;
const events = (...statuses) => new Response(statuses.map(event).join(''), { headers: { 'Content-Type': 'text/event-stream' } });
const ENVELOPE = '{"status":200,"responses":[{"id":"x","status":201,"headers":{"Content-Type":"application/json"},"body":{"n":1.0}}],'
  + '"summary":{"total":1,"succeeded":1,"failed":0,"retryable":[]}}';
const BODY = [{ id: 'x', method: 'POST', url: '/a' }];

/** A server with one job; `answer` gets what it is asked for: `events`, `status`, `result`, `failed`, `cancel`, `post`, and how often, from 1. */
function serverWithJob(answer, settings = {}) {
  const asked = {};
  const server = serverOf({
    features: ['respond-async'],
    ...settings,
    way: (request, next, { path, method }) => {
      const what = path === '/batch' && method === 'POST' ? 'post'
        : !path.startsWith('/batch/jobs/1') ? undefined
          : method === 'DELETE' ? 'cancel'
            : path.endsWith('/failed') ? 'failed'
              : request.headers.get('Accept') === 'text/event-stream' ? 'events'
                : /view=status/.test(request.headers.get('Accept')) ? 'status' : 'result';
      asked[what] = (asked[what] ?? 0) + 1;
      return what === undefined ? next() : answer(what, asked[what], request) ?? {
        post: () => json(202, statusOf('queued'), { Location: '/batch/jobs/1' }),
        events: () => events(statusOf('running', 1), statusOf('done', 2)),
        status: () => json(200, statusOf('running', 1)),
        result: () => new Response(ENVELOPE, { headers: { 'Content-Type': 'application/json' } }),
        failed: () => json(200, { requests: [{ id: 'y', method: 'PUT', url: '/b', lastStatus: 500 }] }),
        cancel: () => new Response(null, { status: 202 }),
      }[what]();
    },
  });
  return Object.assign(server, { asked });
}

const nothing = () => undefined;

test('a job is posted, followed to its end, and has its result', async () => {
  const server = serverWithJob(nothing);
  const progress = [];

  const job = await batcherOf(server).job(BODY, { onProgress: (status) => progress.push(`${status.state} ${status.completed}`) });
  assert.equal(job.location, 'http://shop.test/batch/jobs/1');
  assert.equal(job.status.state, 'queued');
  const result = await job.result();

  const post = server.requests.find(({ method }) => method === 'POST');
  assert.equal(post.headers.get('Prefer'), 'respond-async');
  assert.match(post.headers.get('Idempotency-Key'), /^"\d+(-\d+){3}"$/);
  assert.deepEqual(progress, ['running 1', 'done 2']);
  assert.equal((await job.over).state, 'done');
  assert.equal(job.status.state, 'done');
  assert.deepEqual(result.get('x').body, { n: 1 });
  assert.equal(await result.responses[0].response.text(), '{"n":1.0}');
  assert.deepEqual(await job.failed(), [{ id: 'y', method: 'PUT', url: '/b', lastStatus: 500 }]);
});

test('a result is asked for with 200, which nobody on the way eats', async () => {
  const server = serverWithJob(nothing);

  await (await batcherOf(server).job(BODY)).result();

  assert.equal(server.seen[server.seen.length - 1], 'GET /batch/jobs/1?multi-status=200');
});

test('a job can be opened by its location', async () => {
  const server = serverWithJob(nothing);

  const job = await batcherOf(server).openJob('/batch/jobs/1');

  assert.equal(job.status, undefined);
  assert.equal((await job.result()).responses.length, 1);
});

test('a job of another origin is not asked for, nor given any header', async () => {
  const server = serverWithJob(nothing);

  await assert.rejects(batcherOf(server, { headers: { Authorization: 't' } }).openJob('http://other.test/batch/jobs/1'), TypeError);
  assert.deepEqual(server.seen, []);
});

test('streams of events that are cut off, or silent, are come back to', async () => {
  const server = serverWithJob((what, number) => (what === 'events' && number < 4 ? [
    new Response(new ReadableStream({
      start: (to) => {
        to.enqueue(new TextEncoder().encode(event(statusOf('running', 1))));
        setTimeout(() => to.error(new TypeError('cut')), 5);
      },
    }), { headers: { 'Content-Type': 'text/event-stream' } }),
    events(),
    new Response('data: {"broken', { headers: { 'Content-Type': 'text/event-stream' } }),
  ][number - 1] : undefined));
  const progress = [];

  const job = await batcherOf(server).job(BODY, { onProgress: ({ state, completed }) => progress.push(`${state} ${completed}`) });

  assert.equal((await job.over).state, 'done');
  assert.deepEqual(progress, ['running 1', 'running 1', 'running 1', 'running 1', 'done 2']);
});

test('a job whose events do not get through is asked about, for as long as it runs', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const server = serverWithJob((what, number) => (what === 'events' ? events()
    : what === 'status' && number > 50 ? json(200, statusOf('done', 2)) : undefined));
  const job = await batcherOf(server).openJob('/batch/jobs/1');
  let end;
  job.over.then((status) => { end = status; });

  for (let i = 0; i < 60 && !end; i++) {
    for (let tick = 0; tick < 30; tick++) {
      await new Promise(setImmediate);
    }
    t.mock.timers.tick(2001);
  }

  assert.equal(end?.state, 'done');
  assert.equal(server.asked.status, 51);
});

test('a server that is away for a while is waited for', async () => {
  const server = serverWithJob((what, number) => (what === 'events' && number < 4
    ? [gone, () => new Response('', { status: 502 }), () => problem(503, 'stopping')][number - 1]() : undefined));

  const job = await batcherOf(server).openJob('/batch/jobs/1');

  assert.equal((await job.over).state, 'done');
});

for (const [what, answer] of [
  ['a login page', () => new Response('<h1>Who are you?</h1>', { headers: { 'Content-Type': 'text/html' } })],
  ['404', () => problem(404, 'no-such-job')],
  ['401', () => new Response('', { status: 401 })],
]) {
  test(`${what} in place of a job is the end of waiting for it`, async () => {
    const server = serverWithJob((asked) => (asked === 'events' ? answer() : undefined));
    const heard = [];

    const job = await batcherOf(server).job(BODY, { onProgress: (status) => heard.push(status) });

    await assert.rejects(job.over, BatchError);
    await assert.rejects(job.result(), BatchError);
    assert.equal(server.asked.events, 1);
  });
}

test('a server that never says how a job stands is not asked without end', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const server = serverWithJob((what) => (what === 'events' ? events() : what === 'status' ? new Response('<h1>Hello</h1>') : undefined));
  const job = await batcherOf(server).openJob('/batch/jobs/1');
  let end;
  job.over.catch((error) => { end = error; });

  for (let i = 0; i < 100 && !end; i++) {
    for (let tick = 0; tick < 30; tick++) {
      await new Promise(setImmediate);
    }
    t.mock.timers.tick(30000);
  }

  assert.equal(end.constructor, TypeError);
  assert.ok(server.asked.events <= 31);
});

test('a job is cancelled', async () => {
  const server = serverWithJob((what) => (what === 'events' ? events(statusOf('cancelled', 1)) : undefined));
  const job = await batcherOf(server).job(BODY);

  await job.cancel();

  assert.equal(server.asked.cancel, 1);
  assert.equal((await job.over).state, 'cancelled');
});

test('to cancel a job that is over does not take its result', async () => {
  const server = serverWithJob(nothing);
  const job = await batcherOf(server).job(BODY);
  await job.over;

  await job.cancel();

  assert.equal(server.asked.cancel, undefined);
  assert.equal((await job.result()).responses.length, 1);
});

test('to cancel a job that has come to its end since it was posted does not take its result', async () => {
  const server = serverWithJob((what) => (what === 'status' ? json(200, statusOf('done', 2)) : undefined));
  const job = await batcherOf(server).job(BODY);
  assert.equal(job.status.state, 'queued');

  await job.cancel();

  assert.deepEqual([server.asked.cancel, job.status.state], [undefined, 'done']);
  assert.equal((await job.result()).responses.length, 1);
});

test('a job of which nobody says how it stands is not cancelled, and that is said', async () => {
  const server = serverWithJob((what) => (what === 'status' ? new Response('<h1>Who are you?</h1>') : undefined));
  const job = await batcherOf(server).job(BODY);

  await assert.rejects(job.cancel(), { name: 'BatchError', message: /does not say/ });
  assert.equal(server.asked.cancel, undefined);
});

test('an end that the events have told is not taken back by an answer that is older', async () => {
  const slow = later();
  const server = serverWithJob((what) => (what === 'status' ? slow.promise : undefined));
  const job = await batcherOf(server).job(BODY);
  const cancelled = job.cancel();
  await job.over;

  slow.resolve(json(200, statusOf('running', 1)));
  await cancelled;

  assert.deepEqual([server.asked.cancel, job.status.state], [undefined, 'done']);
});

test('to cancel a job that another page has posted does not take its result either', async () => {
  const server = serverWithJob((what) => (what === 'status' ? json(200, statusOf('done', 2)) : undefined));
  const job = await batcherOf(server).openJob('/batch/jobs/1');

  await job.cancel();

  assert.deepEqual([server.asked.cancel, job.status.state], [undefined, 'done']);
});

test('a job that somebody in front has refused may be there if it changes something', async () => {
  const server = serverWithJob((what) => (what === 'post' ? new Response('<h1>Blocked</h1>', { status: 403 }) : undefined));

  await assert.rejects(batcherOf(server).job(BODY), ({ constructor, cause }) => constructor === TypeError && cause.status === 403);
  await assert.rejects(batcherOf(server).job([{ url: '/a' }]), BatchError);
});

test('a login page in place of the answer to a job says that nothing has run', async () => {
  const server = serverWithJob((what, number, { redirect }) => (what !== 'post' ? undefined
    : redirect === 'manual' ? Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' }) : new Response('<h1>Who are you?</h1>')));

  await assert.rejects(batcherOf(server).job(BODY), BatchError);
});

test('a signal ends waiting for the job, with its reason', async () => {
  const reason = new Error('gone');
  const controller = new AbortController();
  const open = later();
  const server = serverWithJob((what) => (what === 'events' ? open.promise : undefined));
  const job = await batcherOf(server).job(BODY, { signal: controller.signal });
  const over = assert.rejects(job.over, reason);

  controller.abort(reason);

  await over;
  assert.equal(server.asked.cancel, undefined);
});

test('a signal ends listening to the events of a job', async () => {
  const reason = new Error('gone');
  const controller = new AbortController();
  const server = serverWithJob((what, number, request) => (what === 'events' ? new Response(new ReadableStream({
    start: (to) => {
      to.enqueue(new TextEncoder().encode(event(statusOf('running', 1))));
      request.signal.addEventListener('abort', () => to.error(request.signal.reason));
    },
  }), { headers: { 'Content-Type': 'text/event-stream' } }) : undefined));

  const job = await batcherOf(server).job(BODY, { signal: controller.signal, onProgress: () => setTimeout(() => controller.abort(reason)) });

  await assert.rejects(job.over, reason);
  assert.equal(server.asked.events, 1);
});

test('nobody is left with a rejection that was not asked for', async () => {
  const server = serverWithJob((what) => (what === 'events' ? problem(404, 'no-such-job') : undefined));

  await batcherOf(server).job(BODY, { onProgress: nothing });

  await new Promise((resolve) => setTimeout(resolve, 20));
});

test('what is loaded when it is needed is tried again as the policy says, each time by another name', async () => {
  const server = serverWithJob(nothing);
  const names = [];
  const load = async (failures) => {
    names.push(failures);
    if (failures < 3) {
      throw new TypeError('Failed to fetch dynamically imported module');
    }
    return import('../../main/js/batches.js');
  };
  const batcher = batcherWith(load, { endpoint: server.endpoint, fetch: server.fetch });
  const retry = { tries: 2, minDelay: 1 };

  await assert.rejects(batcher.job(BODY), /dynamically/);
  await assert.rejects(batcher.openJob('/batch/jobs/1', { retry: { tries: 1, minDelay: 1e6 }, signal: AbortSignal.abort('enough') }), (e) => e === 'enough');
  assert.equal((await batcher.batch([{ url: '/a' }], { retry })).responses.length, 1);
  await batcher.job(BODY);

  assert.deepEqual(names, [0, 1, 2, 3, 3]);
});

test('an endpoint that takes no jobs is not asked to', async () => {
  const server = serverWithJob(nothing, { features: [] });

  await assert.rejects(batcherOf(server).job(BODY), { name: 'BatchError', status: 501 });
  assert.deepEqual(server.seen, ['GET /batch']);
});

test('a job that is refused rejects with a BatchError', async () => {
  const server = serverWithJob((what) => (what === 'post' ? problem(403, 'foreign-page') : undefined));

  await assert.rejects(batcherOf(server).job(BODY), { name: 'BatchError', status: 403 });
});

for (const [what, spoil] of [['lost', gone], ['answered with 502', () => new Response('', { status: 502 })]]) {
  test(`a job whose post is ${what} rejects soon without a policy, and is posted again with one`, async () => {
    const server = serverWithJob((asked, number) => (asked === 'post' && number < 3 ? spoil() : undefined));
    const batcher = batcherOf(server);

    await assert.rejects(batcher.job(BODY), TypeError);
    assert.equal(server.asked.post, 1);
    await batcher.job(BODY, { retry: { tries: 1, minDelay: 1 } });
    const keys = server.requests.filter(({ method }) => method === 'POST').map(({ headers }) => headers.get('Idempotency-Key'));
    assert.equal(keys.length, 3);
    assert.equal(keys[1], keys[2]);
  });
}

for (const [what, answer, posts] of [
  ['503 of a proxy', () => new Response('', { status: 503 }), 1],
  ['503 of the endpoint', () => problem(503, 'overloaded'), 3],
  ['429', () => new Response('', { status: 429 }), 3],
]) {
  test(`a job without keys that is answered with ${what} is posted ${posts === 1 ? 'once' : 'again'}`, async () => {
    const dropped = [];
    const server = serverWithJob((asked, number) => {
      const response = asked === 'post' && number < 3 ? answer() : undefined;
      dropped.push(response);
      return response;
    }, { keys: false });
    const posted = batcherOf(server, { retry: { tries: 5, minDelay: 1 } }).job(BODY);

    await (posts === 1 ? assert.rejects(posted, TypeError) : posted);

    assert.equal(server.asked.post, posts);
    assert.ok(dropped.filter(Boolean).every(({ bodyUsed }) => bodyUsed));
  });
}

test('nothing of a job follows a redirect, which would take the header of the page along', async () => {
  const server = serverWithJob(nothing);
  const job = await batcherOf(server).job(BODY);
  await job.result();
  await job.failed();
  await (await batcherOf(server).openJob(job.location)).cancel();

  assert.ok(server.requests.length > 5);
  assert.deepEqual(server.requests.filter(({ request }) => request.redirect !== 'manual'), []);
});

test('a job whose post is lost is not posted again where nobody keeps keys', async () => {
  const server = serverWithJob((what) => (what === 'post' ? gone() : undefined), { keys: false });

  await assert.rejects(batcherOf(server, { retry: { tries: 5, minDelay: 1 } }).job(BODY), TypeError);
  assert.equal(server.asked.post, 1);
});

test('a batch that was run at once, where a job was asked for, may have run', async () => {
  const server = serverWithJob((what) => (what === 'post' ? json(207, {}) : undefined));

  await assert.rejects(batcherOf(server).job(BODY), TypeError);
});

test('a job whose Location is not to be seen, from another origin, is found by its id', async () => {
  const server = serverWithJob((what) => (what === 'post' ? json(202, statusOf('queued')) : undefined));

  assert.equal((await batcherOf(server).job(BODY)).location, 'http://shop.test/batch/jobs/1');
});
