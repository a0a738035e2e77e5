/** `fetch`, batched: many calls of a page as one request to the batch endpoint of Multistatus. */

/** Makes a batcher. One for a page is enough: what it has learned about the server and the way to it serves all calls. */
export function createBatcher(options?: BatcherOptions): Batcher;

export interface BatcherOptions {
  /**
   * The batch endpoint. By default `batch` beside the folder that the module was served from, so `/shop/batch` for
   * `/shop/multistatus/batch.js`; `/batch` of the page's origin for a module that comes from elsewhere, a bundle for instance.
   */
  endpoint?: string | URL;
  /** How long calls are collected, in milliseconds. By default 0: calls of the same tick go together. */
  maxWait?: number;
  /** How many calls go into one batch at most; by default, and never more than, what the server takes. 1 batches nothing. */
  maxItems?: number;
  /** How many bytes one batch has at most; by default, and never more than, what the server takes. */
  maxBytes?: number;
  /**
   * Whether identical GETs that are under way at the same time are one. By default true. One that has been sent alone with a
   * signal is not shared any more.
   */
  dedupe?: boolean;
  /**
   * Whether answers are handed on as they come (`application/x-ndjson`). `auto`, the default: in batches of GET and
   * OPTIONS only, because cookies that answers set are lost in a streamed batch. `true`: always; for apps without cookies.
   */
  stream?: 'auto' | boolean;
  /**
   * How often, and when, what has failed for now is tried again. By default not at all, but for calls whose batch was
   * refused for now, and has not run: these up to three times. A number is `{ tries }`.
   */
  retry?: number | RetryPolicy;
  /** Whether POST, PUT, PATCH, DELETE and the like get an `Idempotency-Key` unless they have one. By default true. */
  idempotency?: boolean;
  /**
   * `credentials` of `batch`, `job`, `openJob` and `GET` of the endpoint, for an endpoint of another origin. By default
   * `same-origin`. Calls have their own.
   */
  credentials?: RequestCredentials;
  /** Header of the batch itself, for filters in front of the endpoint; a function is asked before each batch. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** What sends requests in the end. By default the global `fetch`, looked up when it is called. */
  fetch?: typeof fetch;
  /** Told of each answer to an item, also of those that are tried again. What it throws is reported and harms nothing. */
  onItem?: (event: ItemEvent) => void;
  /** Told when a request is sent and when it has ended, be it a batch or a call that goes alone. */
  onRequest?: (event: RequestEvent) => void;
}

export interface RetryPolicy {
  /** How often a call is sent again at most, after the first time. */
  tries: number;
  /** The wait before the first repetition in milliseconds, doubled for each further one; of it, half to all. By default 250. */
  minDelay?: number;
  /** The longest wait in milliseconds, by default 10,000. An answer whose `Retry-After` asks for more is final. */
  maxDelay?: number;
}

/** What `fetch` takes, and whether the call may go into a batch. */
export interface BatchedInit extends RequestInit {
  /** `false`: the call goes alone, at once. */
  batch?: boolean;
}

export interface Batcher {
  /**
   * As `fetch`: takes what it takes, resolves to a `Response`, rejects with a `TypeError` when no answer comes, and with the
   * signal's reason when it is aborted. Can be handed around without its batcher. When an answer is there, the signal goes on to
   * end its body, if that still comes: of a call that has gone alone, where browsers have `AbortSignal.any`.
   *
   * Goes alone, untouched: a call to another origin than the endpoint's, to a `blob:`, or to the endpoint itself; one with a stream
   * as its body, with `keepalive`, `integrity`, `redirect: 'manual'` or `'error'`, a `mode`, `referrer` or `referrerPolicy` of its
   * own, a `cache` mode that reads old answers, or an `Accept` that asks for a stream; and a body that is longer than a batch may be.
   * Alone goes also a HEAD, and a body that takes long to read.
   */
  fetch(input: RequestInfo | URL, init?: BatchedInit): Promise<Response>;

  /**
   * Posts a batch as it is written: with dependencies, references and groups. Resolves also when items have failed.
   *
   * @throws BatchError if the batch is refused; nothing of it has run that changes anything
   * @throws TypeError if it may have run: the connection is lost and posting it again is not safe, or does not help either; or it
   *   changes something, and somebody in front has answered with a 4xx (403 for instance) who may have seen the app's answer. Then
   *   `cause` is the BatchError
   */
  batch(requests: BatchRequest[], options?: BatchOptions): Promise<BatchResult>;

  /**
   * Posts a batch as a job that nobody waits for. Resolves when the server has taken it.
   *
   * @throws BatchError if it is refused; nothing of it has run that changes anything
   * @throws TypeError if it may have run: the connection is lost and posting it again is not safe, or does not help either; or it
   *   changes something, and somebody in front has answered with a 4xx (403 for instance) who may have seen the app's answer. Then
   *   `cause` is the BatchError
   */
  job(requests: BatchRequest[], options?: JobOptions): Promise<Job>;

  /** A job that was posted before, by another page for instance, by its `location`. */
  openJob(location: string | URL, options?: JobOptions): Promise<Job>;

  /** Sends what is waiting at once. */
  flush(): void;

  /** What is known about the server and the way to it; for diagnosis. */
  readonly state: BatcherState;
}

export interface BatcherState {
  /**
   * `207`: as it should be. `200`: something on the way does not let 207 pass, or seems not to. `off`: batches do not get through at
   * all, for now.
   */
  mode: '207' | '200' | 'off';
  /** What `GET` of the endpoint has said; undefined as long as it was not asked, or has not answered. */
  capabilities?: Capabilities;
}

export interface Capabilities {
  formats: string[];
  streams: string[];
  limits: { maxRequests: number; maxBatchBytes: number; [limit: string]: number };
  execution: { default: string; supported: string[] };
  features: string[];
  /** Where the app keeps `Idempotency-Key`s, as URL patterns below the context path: `/shop/api/*`, `/x`, `*.do`. Absent if not known. */
  idempotency?: { paths: string[] };
}

export interface BatchRequest {
  /** By default its place in the batch, counted from 0. */
  id?: string | number;
  method?: string;
  url: string;
  headers?: Record<string, string | string[]>;
  /** JSON, unless it is bytes or `bodyEncoding` says otherwise. */
  body?: unknown | Uint8Array | ArrayBuffer;
  bodyEncoding?: 'json' | 'text' | 'base64';
  dependsOn?: string[];
  atomicityGroup?: string;
}

export interface BatchOptions {
  /** By default what the server has as its default. */
  execution?: 'ordered' | 'parallel' | 'sequential';
  /** `false`: after the first failure nothing more begins. */
  continueOnError?: boolean;
  /** Whether `onItem` and `onProgress` hear of items as they come; cookies that they set are lost then. By default false. */
  stream?: boolean;
  headers?: HeadersInit;
  /**
   * The `Idempotency-Key` of the batch, under which each of its unsafe items has one. By default a random one, so that a
   * batch whose connection was lost can be posted again, if each unsafe item is where the app keeps keys; `false` for none.
   */
  idempotencyKey?: string | false;
  /**
   * How often, and when, the whole batch is posted again under its key if it was refused for now, or if that is safe and the
   * connection was lost or items have failed for now; what has succeeded is not run again. By default as of the batcher, and if that has none
   * not at all. Before that, whatever this says, a lost batch is posted again at once if that is safe, up to twice.
   */
  retry?: number | RetryPolicy;
  signal?: AbortSignal;
  onItem?: (answer: BatchAnswer) => void;
  onProgress?: (progress: Progress) => void;
}

export interface JobOptions {
  execution?: 'ordered' | 'parallel' | 'sequential';
  continueOnError?: boolean;
  headers?: HeadersInit;
  idempotencyKey?: string | false;
  /**
   * How often, and when, posting is tried again. By default as of the batcher, and if that has none not at all. Who waits for a job
   * that was posted is patient anyway.
   */
  retry?: number | RetryPolicy;
  /** Ends waiting for the job, not the job. */
  signal?: AbortSignal;
  onProgress?: (status: JobStatus) => void;
}

export interface Progress {
  total: number;
  completed: number;
  succeeded: number;
  failed: number;
}

export interface BatchAnswer {
  /** As it was asked for. */
  id: string | number;
  status: number;
  /** Whether `status` is 200 to 299. */
  ok: boolean;
  /** A response of its own, with the bytes as the app wrote them. */
  response: Response;
  /** The JSON of the body, the text of a body of text; null where there is none, or bytes. */
  body: any;
}

export interface Summary {
  total: number;
  succeeded: number;
  failed: number;
  /** Ids of items whose failure may pass. */
  retryable: (string | number)[];
  /** Seconds. */
  retryAfter?: number;
}

export interface BatchResult {
  /** In the order of the requests. */
  responses: BatchAnswer[];
  summary: Summary;
  /** The answer to an item, by its id. */
  get(id: string | number): BatchAnswer | undefined;
}

export interface JobStatus extends Progress {
  id: string;
  state: 'queued' | 'running' | 'done' | 'cancelled' | 'interrupted';
  createdAt: string;
  expiresAt: string;
}

export interface Job {
  /** Where it is asked about: keep it to come back later, by `openJob`. */
  readonly location: string;
  /** The latest that is known. */
  readonly status: JobStatus | undefined;
  /** Resolves when the job is over, whatever has become of it. */
  readonly over: Promise<JobStatus>;
  /** The answers, when the job is over. */
  result(): Promise<BatchResult>;
  /** What has failed for good, as requests that can be posted again as they are, when the job is over. */
  failed(): Promise<BatchRequest[]>;
  /**
   * What has not begun does not begin. Asks first how the job stands: of one that is over nothing is lost, unless it comes to its end
   * between that and the request to cancel it, which then takes its result.
   *
   * @throws BatchError if nobody says how it stands, or the endpoint refuses
   */
  cancel(): Promise<void>;
}

/** A call that could go into a batch, and what has become of it. */
export interface ItemEvent {
  /** The number of the batch it went in, counted from 1 in this batcher; of a call that went alone too. */
  request: number;
  method: string;
  url: string;
  status: number;
  /** Which try this was, counted from 1. */
  attempt: number;
  /** Whether it will be tried again. */
  again: boolean;
  /** `performance.now()` when the call was made, when it was sent, and when its answer was there. */
  calledAt: number;
  sentAt: number;
  answeredAt: number;
}

export interface RequestEvent {
  request: number;
  /** `begin` or `end`; the `end` of a request that brought nothing has an `error`. */
  type: 'begin' | 'end';
  /** How many calls go in it; 1 for a call that goes alone. */
  items: number;
  /** As a batch that is answered by a stream or by an envelope, or as a single call. */
  how: 'stream' | 'envelope' | 'single';
  at: number;
  error?: unknown;
}

/** The batch itself was refused, and nothing of it has run that changes anything. */
export class BatchError extends Error {
  /** The status of the whole. */
  readonly status: number;
  /** The problem details (RFC 9457), as far as there were any. */
  readonly problem: { type?: string; title?: string; status?: number; detail?: string; [member: string]: unknown };
}
