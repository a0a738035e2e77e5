// Posts a batch: the text of its JSON. The answer is the envelope.

export async function postBatch(text) {
  const response = await fetch('/batch', {
    method: 'POST',
    cache: 'no-store',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: text,
  });
  if (!response.ok) {
    throw new Error(`POST /batch was answered with ${response.status}`);
  }
  return response.json();
}

/** The answers to GETs of these URLs, in their order. */
export async function getAll(urls) {
  const requests = urls.map((url, index) => ({ id: String(index), method: 'GET', url }));
  const envelope = await postBatch(JSON.stringify({ requests }));
  return envelope.responses;
}
