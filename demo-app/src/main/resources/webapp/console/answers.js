// The answers to the items: a line each, which opens.

import { badge, element, kindOf, drawn, place } from '../common/elements.js';
import { millis } from '../common/words.js';

const BAR = 100;

/** A list that shows which items wait, and each answer with the time when it came. */
export function answerList(list, requests) {
  const rows = new Map(requests.map((request, index) => [String(request.id ?? index), rowOf(request, index)]));
  list.replaceChildren(...[...rows.values()].map(({ item }) => item));
  let latest = 1;

  const stretch = () => rows.forEach(({ bar, at }) => place(bar, { width: at === undefined ? 0 : Math.max(1, (at / latest) * BAR) }));

  return {
    /** `at`: the milliseconds since the batch was sent; undefined if nobody knows, as of a job's items. */
    show(answer, at) {
      const row = rows.get(String(answer.id));
      if (row && !row.over) {
        row.over = true;
        row.at = at;
        latest = Math.max(latest, at ?? 0);
        fill(row, answer, at);
        stretch();
      }
    },
  };
}

function rowOf({ id, method = 'GET', url }, index) {
  const bar = drawn('rect', { height: 8, width: 0, rx: 1 });
  const status = element('span', 'status', '', element('span', 'badge waiting', '…'));
  const time = element('span', 'time', '');
  const body = element('div', 'body');
  const timeline = drawn('svg', { viewBox: `0 0 ${BAR} 8`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, bar);
  const summary = element('summary', '', '',
    status, element('b', '', String(id ?? index)), element('code', '', `${method} ${url ?? ''}`), timeline, time);
  const item = element('li', 'waiting', '', element('details', '', '', summary, body));
  return { item, bar, status, time, body, over: false, at: undefined };
}

function fill({ item, status, time, body }, answer, at) {
  const { response } = answer;
  item.className = kindOf(answer.status);
  status.replaceChildren(badge(answer.status));
  body.replaceChildren(
    element('pre', '', [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n') || '(no headers)'),
    element('pre', '', textOf(answer)),
  );
  time.textContent = at === undefined ? '' : `${millis(at)} ms`;
}

function textOf({ body, response }) {
  return body === null
    ? (response.body === null ? '(no body)' : '(bytes)')
    : typeof body === 'string' ? body : JSON.stringify(body, null, 2);
}
