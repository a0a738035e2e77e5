// The two ways to load: thirty requests, or one. Both hand each answer to `show(index, status, body)`.

import { getAll } from './batch.js';

export async function loadSingly(resources, show) {
  return measured(resources.length, () => Promise.all(resources.map(async (resource, index) => {
    const response = await fetch(resource.url, { cache: 'no-store' });
    const text = await response.text();
    show(index, response.status, text ? JSON.parse(text) : null);
  })));
}

export async function loadInOneBatch(resources, show) {
  return measured(1, async () => {
    const answers = await getAll(resources.map((resource) => resource.url));
    answers.forEach(({ status, body }, index) => show(index, status, body));
  });
}

async function measured(requests, load) {
  performance.clearResourceTimings();
  const begun = performance.now();
  await load();
  const ms = performance.now() - begun;
  // The browser notes a request a moment after its body has been read.
  await new Promise((resolve) => setTimeout(resolve, 30));
  const bytes = performance.getEntriesByType('resource')
    .filter((entry) => entry.initiatorType === 'fetch' && entry.startTime >= begun)
    .reduce((sum, entry) => sum + entry.transferSize, 0);
  return { ms, bytes, requests };
}
