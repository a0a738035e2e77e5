// What TypeScript lets one do with the module, and what it does not. It is compiled and never run.

import {
  BatchAnswer,
  BatchedInit,
  Batcher,
  BatcherOptions,
  BatcherState,
  BatchError,
  BatchOptions,
  BatchRequest,
  BatchResult,
  Capabilities,
  createBatcher,
  ItemEvent,
  Job,
  JobOptions,
  JobStatus,
  Progress,
  RequestEvent,
  RetryPolicy,
  Summary,
} from 'multistatus';

const policy: RetryPolicy = { tries: 3, minDelay: 100, maxDelay: 5000 };

const options: BatcherOptions = {
  endpoint: new URL('https://shop.example/batch'),
  maxWait: 5,
  maxItems: 50,
  maxBytes: 100_000,
  dedupe: false,
  stream: 'auto',
  retry: policy,
  idempotency: true,
  headers: async () => ({ 'X-CSRF-Token': 'secret' }),
  fetch: (input, init) => fetch(input, init),
  onItem(event: ItemEvent) {
    const waited: number = event.sentAt - event.calledAt + event.answeredAt;
    console.log(event.request, event.method.length, event.url, event.status, event.attempt, event.again === true, waited);
  },
  onRequest({ request, type, items, how, at, error }: RequestEvent) {
    const ended: boolean = type === 'end';
    const streamed: boolean = how === 'stream' || how === 'envelope' || how === 'single';
    console.log(request, items, at, error, ended, streamed);
  },
};

export const simplest: Batcher = createBatcher();
export const batcher: Batcher = createBatcher(options);
createBatcher({ retry: 2, stream: true, headers: [['X-A', 'b']] });
createBatcher({ headers: new Headers(), endpoint: '/batch', fetch });

/** It is a fetch like any other, for whoever wants one. */
export const asFetch: typeof fetch = batcher.fetch;

export async function calls(): Promise<string> {
  const init: BatchedInit = { method: 'POST', body: new FormData(), batch: false, signal: AbortSignal.timeout(10) };
  const response: Response = await batcher.fetch(new Request('/api/carts'), init);
  await batcher.fetch(new URL('https://shop.example/api/tiny'));
  batcher.flush();
  return response.text();
}

export function state(): string {
  const { mode, capabilities }: BatcherState = batcher.state;
  const known: Capabilities | undefined = capabilities;
  const way: '207' | '200' | 'off' = mode;
  const most: number | undefined = known?.limits.maxRequests;
  return `${way} ${most} ${known?.limits.maxEnvelopeBytes} ${known?.formats[0]} ${known?.execution.default} ${known?.features.length}`;
}

export async function explicit(): Promise<unknown> {
  const requests: BatchRequest[] = [
    { id: 'cart', method: 'POST', url: '/api/carts', body: { customer: 'Ada' }, atomicityGroup: 'g' },
    { id: 7, url: '/api/notes', body: new Uint8Array(3), headers: { Accept: ['a/b', 'c/d'] }, dependsOn: ['cart'] },
    { url: '/api/text', body: 'x', bodyEncoding: 'text' },
  ];
  const own: BatchOptions = {
    execution: 'parallel',
    continueOnError: false,
    stream: true,
    headers: { 'X-A': 'b' },
    idempotencyKey: false,
    retry: 1,
    signal: new AbortController().signal,
    onItem: (answer: BatchAnswer) => console.log(answer.id, answer.ok),
    onProgress: ({ total, completed, succeeded, failed }: Progress) => console.log(total - completed, succeeded, failed),
  };
  try {
    const result: BatchResult = await batcher.batch(requests, own);
    const summary: Summary = result.summary;
    const cart: BatchAnswer | undefined = result.get('cart');
    const wait: number | undefined = summary.retryAfter;
    console.log(summary.total, summary.succeeded, summary.failed, summary.retryable.length, wait, result.get(7)?.status);
    console.log(result.responses.map(({ response }) => response.headers));
    return cart?.body.id;
  } catch (error) {
    if (error instanceof BatchError) {
      const known: Error = error;
      return [known.message, error.status, error.problem.type, error.problem.detail, error.problem.limit];
    }
    throw error;
  }
}

export async function jobs(): Promise<string> {
  const own: JobOptions = {
    execution: 'sequential',
    continueOnError: true,
    headers: { 'X-A': 'b' },
    idempotencyKey: '"import-7"',
    retry: policy,
    signal: new AbortController().signal,
    onProgress: ({ state: now, completed }: JobStatus) => console.log(now === 'running', completed),
  };
  const job: Job = await batcher.job([{ url: '/api/tiny' }], own);
  const again: Job = await batcher.openJob(new URL(job.location, 'https://shop.example'), own);
  await batcher.openJob(job.location);
  const over: JobStatus = await again.over;
  const result: BatchResult = await job.result();
  await batcher.batch(await job.failed());
  await job.cancel();
  console.log(result.summary.total, job.status?.id, over.createdAt, over.expiresAt, over.total);
  return over.state;
}

export function mistakes(): void {
  // @ts-expect-error there is no such option
  createBatcher({ maxwait: 5 });
  // @ts-expect-error a time is a number of milliseconds
  createBatcher({ maxWait: '5ms' });
  // @ts-expect-error a policy says how often
  createBatcher({ retry: { minDelay: 100 } });
  // @ts-expect-error it is auto, true or false
  createBatcher({ stream: 'always' });
  // @ts-expect-error it is told of an event, not of a string
  createBatcher({ onItem: (event: string) => event });
  // @ts-expect-error fetch needs to know what
  batcher.fetch();
  // @ts-expect-error batch is a boolean
  batcher.fetch('/api/tiny', { batch: 'no' });
  // @ts-expect-error it is a promise
  batcher.fetch('/api/tiny').status;
  // @ts-expect-error a batch is an array
  batcher.batch({ url: '/api/tiny' });
  // @ts-expect-error each item has a URL
  batcher.batch([{ method: 'GET' }]);
  // @ts-expect-error dependsOn is an array
  batcher.batch([{ url: '/api/tiny', dependsOn: 'cart' }]);
  // @ts-expect-error the server knows no such order
  batcher.batch([], { execution: 'random' });
  // @ts-expect-error a job is not streamed
  batcher.job([], { stream: true });
  // @ts-expect-error what is known of the server cannot be set
  batcher.state = { mode: 'off' };
  // @ts-expect-error nor can its members
  batcher.state.mode = 'on';
  // @ts-expect-error a job is opened by where it is
  batcher.openJob(7);
  // @ts-expect-error it is a promise of a job
  batcher.openJob('/batch/jobs/1').over;
}
