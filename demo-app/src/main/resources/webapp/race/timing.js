// What the browser knows about requests, by the Resource Timing API.

const LATE_MILLIS = 5000;

/**
 * Hands each request that `fetch` has made to `show` when it has ended: its URL and its times, in milliseconds since `begun`.
 *
 * @returns {{ sum(expected: number): Promise<{ requests: number, received: number, protocol: string }> }}
 */
export function watchRequests(begun, show) {
  const seen = [];
  let enough = () => {};
  const observer = new PerformanceObserver((list) => {
    list.getEntries().filter((entry) => entry.initiatorType === 'fetch' && entry.startTime >= begun).forEach((entry) => {
      seen.push(entry);
      show(timesOf(entry, begun));
    });
    enough();
  });
  observer.observe({ type: 'resource' });
  return {
    /** The browser notes a request a moment after its body has been read. */
    async sum(expected) {
      await new Promise((resolve) => {
        enough = () => seen.length >= expected && resolve();
        enough();
        setTimeout(resolve, LATE_MILLIS);
      });
      observer.disconnect();
      return {
        requests: seen.length,
        received: seen.reduce((sum, entry) => sum + entry.transferSize, 0),
        protocol: seen[0]?.nextHopProtocol ?? '',
      };
    },
  };
}

/** When it was asked for, when the browser had a connection for it, was sent, answered and over. */
function timesOf(entry, begun) {
  const since = (time) => Math.max(0, time - begun);
  const sent = entry.requestStart || entry.startTime;
  const connecting = entry.connectStart > entry.fetchStart ? entry.connectStart : sent;
  return {
    url: entry.name,
    called: since(entry.startTime),
    connecting: since(Math.min(connecting, sent)),
    sent: since(sent),
    answered: since(entry.responseStart || entry.responseEnd),
    ended: since(entry.responseEnd),
  };
}
