// The two ways to load: thirty requests, or one. Both hand each answer to `show(index, status, body)`.

export async function loadSingly(resources, show) {
  return measured(resources.length, () => Promise.all(resources.map(async (resource, index) => {
    const response = await fetch(resource.url, { cache: 'no-store' });
    const text = await response.text();
    show(index, response.status, text ? JSON.parse(text) : null);
  })));
}

export async function loadInOneBatch(resources, show) {
  const requests = resources.map((resource, index) => ({ id: String(index), method: 'GET', url: resource.url }));
  return measured(1, async () => {
    const response = await fetch('/batch', {
      method: 'POST',
      cache: 'no-store',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ requests }),
    });
    if (!response.ok) {
      throw new Error(`POST /batch was answered with ${response.status}`);
    }
    const envelope = await response.json();
    for (const item of envelope.responses) {
      show(Number(item.id), item.status, item.body);
    }
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
