// The figures of the race, for who does not see the drawing, or wants to know exactly.

import { badge, element } from '../common/elements.js';
import { count, factor, kilobytes, millis } from '../common/words.js';
import { inWords, resources } from '../resources.js';

/** What one call has gone through, in a line. */
export function callInWords(index, call, kind) {
  const { title, url } = resources[index];
  const head = `${title}: GET ${url}`;
  if (call.ended === undefined) {
    return `${head}, ${call.called === undefined ? 'not sent yet' : 'under way'}`;
  }
  const phases = kind === 'batch'
    ? [phase('collected', call.called, call.sent), phase('in the batch', call.sent, call.ended)]
    : [
      phase('waiting in the browser', call.called, call.connecting ?? call.sent),
      phase('connecting', call.connecting, call.sent),
      phase('server and network', call.sent, call.answered),
      phase('read and handed on', call.answered, call.ended),
    ];
  return `${head}, ${call.status}, ${[...phases.filter(Boolean), `there after ${millis(call.ended)} ms`].join(', ')}`;
}

function phase(name, from, to) {
  return from !== undefined && to - from >= 0.5 ? `${name} ${millis(to - from)} ms` : '';
}

/** The line below the big number of a lane. */
export function factsOf({ requests, received, sent, protocol }, runs) {
  const best = Math.min(...runs.map(({ ms }) => ms));
  return [
    `${received ? `${kilobytes(received)} down` : ''}`,
    sent ? `${kilobytes(sent)} up` : 'up: headers only',
    protocolInWords(protocol, requests),
    runs.length > 1 ? `best of ${runs.length}: ${millis(best)} ms` : '',
  ].filter(Boolean);
}

function protocolInWords(protocol, requests) {
  return protocol === 'h2' ? `HTTP/2${requests > 1 ? ', one connection' : ''}`
    : protocol === 'http/1.1' ? `HTTP/1.1${requests > 1 ? ', six at a time' : ''}`
      : protocol;
}

/** What has come of a race, in a sentence or two. */
export function verdictOf(rtt, single, batch, statuses) {
  const failed = statuses.filter((status) => status >= 400).length;
  const where = rtt ? `At a round trip of ${rtt} ms` : 'Without any delay';
  const times = single.ms / batch.ms;
  const outcome = times >= 1.05 ? `the batch was ${factor(times)} times as fast`
    : times <= 0.95 ? `the batch was slower this time (${factor(1 / times)} times)`
      : 'there was no difference this time';
  return [
    `${where}, ${outcome}. `,
    `${millis(batch.ms)} ms instead of ${millis(single.ms)} ms, ${count(batch.requests)} request instead of ${count(single.requests)}. `
      + `${resources.length - failed} answers and ${failed} failures in the batch, each with its own status.`,
  ];
}

/** A row for each delay that has been tried in both ways. */
export function rowsOfRaces(races) {
  return [...races].filter(([, { batch }]) => batch.length > 0).sort(([one], [other]) => one - other).map(([rtt, { single, batch }]) => {
    const heading = element('th', '', rtt ? `${rtt} ms` : 'none');
    heading.scope = 'row';
    const best = (runs) => Math.min(...runs.map(({ ms }) => ms));
    return element('tr', '', '', heading, ...[
      `${millis(best(single))} ms`, `${millis(best(batch))} ms`, `${factor(best(single) / best(batch))}×`,
    ].map((text) => element('td', '', text)));
  });
}

/** A row for each call: what it was answered with, and when, in both lanes. */
export function rowsOfCalls(single, batch) {
  return resources.map((resource, index) => {
    const { status, body } = batch[index];
    const [value, note] = inWords(resource, status, body);
    const heading = element('th', '', resource.title, element('code', '', resource.url));
    heading.scope = 'row';
    const time = (call) => element('td', 'number', millis(call.ended));
    return element('tr', '', '',
      heading,
      element('td', '', '', badge(status)),
      element('td', 'words', value, element('small', '', note)),
      time(single[index]),
      time(batch[index]));
  });
}
