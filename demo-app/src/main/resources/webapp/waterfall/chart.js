// One lane of the waterfall: a row for each call, drawn as it happens.

import { drawn, kindOf, place } from '../common/elements.js';
import { linesOf } from './axis.js';

const AXIS = 22;
const WIDEST_LABEL = 56;
const ROOM_FOR_NAME = 96;

/**
 * @param {SVGElement} svg
 * @param {{ rows: number, kind: 'single' | 'batch', select(index: number): void, label(index: number): string }} options
 */
export function createChart(svg, { rows, kind, select, label }) {
  const lines = drawn('g', { class: 'lines' });
  const envelope = drawn('rect', { class: 'envelope', rx: 5 });
  const name = drawn('text', { class: 'envelope-name' });
  const now = drawn('line', { class: 'now' });
  const list = drawn('g', { class: 'rows' });
  const calls = Array.from({ length: rows }, () => ({}));
  const shapes = calls.map((_, index) => rowOf(index));
  const changed = new Set();
  let length = 100;
  let width = 0;
  let pitch = 10;
  let carrier;
  let chosen = 0;
  const x = (ms) => Math.min(width, (ms / length) * width);
  const y = (index) => AXIS + index * pitch;

  const ground = drawn('g', { class: 'ground' }, ...calls.map(() => drawn('rect')));
  svg.append(ground, lines, envelope, name, list, now);
  list.append(...shapes.map(({ row }) => row));
  shapes[0].row.setAttribute('tabindex', '0');
  list.addEventListener('keydown', walk);
  new ResizeObserver(resize).observe(svg.parentElement);
  resize();

  function rowOf(index) {
    const row = drawn('g', { class: 'row', tabindex: '-1', role: 'img' });
    const parts = ['hit', 'queued', 'connecting', 'waiting', 'reading', 'mark'].map((part) => drawn('rect', { class: part }));
    row.append(...parts);
    row.addEventListener('pointerenter', () => select(index));
    row.addEventListener('focus', () => choose(index));
    return { row, parts };
  }

  function choose(index) {
    shapes[chosen].row.setAttribute('tabindex', '-1');
    chosen = index;
    shapes[chosen].row.setAttribute('tabindex', '0');
    select(index);
  }

  /** One stop of the tab key for all rows; the arrow keys go from one to the next. */
  function walk(event) {
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: rows - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      shapes[Math.min(rows - 1, Math.max(0, to))].row.focus();
    }
  }

  function resize() {
    width = svg.parentElement.clientWidth;
    pitch = width < 420 ? 7 : 8;
    place(svg, { width, height: AXIS + rows * pitch + 4 });
    [...ground.children].forEach((strip, index) => place(strip, { x: 0, y: y(index) + 1, width, height: pitch - 2 }));
    drawAxis();
    calls.forEach((_, index) => drawRow(index));
    drawEnvelope();
  }

  function drawAxis() {
    lines.replaceChildren(...linesOf(length, Math.floor(width / WIDEST_LABEL)).flatMap((time) => {
      const text = drawn('text', { x: x(time), y: 11 });
      text.textContent = time;
      return [drawn('line', { x1: x(time), x2: x(time), y1: 16, y2: AXIS + rows * pitch }), text];
    }));
  }

  function bar(part, from, to) {
    const visible = from !== undefined && to > from;
    part.setAttribute('x', visible ? x(from) : 0);
    part.setAttribute('width', visible ? Math.max(0.5, x(to) - x(from)) : 0);
  }

  function drawRow(index) {
    const [hit, ...parts] = shapes[index].parts;
    const [queued, connecting, waiting, reading, mark] = parts;
    const call = calls[index];
    place(hit, { x: 0, y: y(index), width, height: pitch });
    parts.forEach((part) => place(part, { y: y(index) + 1, height: pitch - 2 }));
    // As long as the browser has not told, a call may be queued as well as under way.
    bar(queued, call.called, call.connecting ?? call.sent ?? call.ended);
    bar(connecting, call.connecting, call.sent);
    bar(waiting, call.sent, call.answered ?? call.ended);
    bar(reading, call.answered, call.ended);
    const broad = call.ended === undefined ? 0 : call.status < 400 ? 3 : 6;
    place(mark, { x: Math.max(0, (x(call.ended ?? 0)) - broad / 2), width: broad });
    shapes[index].row.setAttribute('class', `row ${call.status === undefined ? '' : kindOf(call.status)}`);
  }

  /** Only what grows: this is done many times a second, and is not to slow down what it shows. */
  function grow(index, until) {
    const [, queued, , waiting] = shapes[index].parts;
    const { called, sent } = calls[index];
    if (sent === undefined) {
      bar(queued, called, until);
    } else {
      bar(waiting, sent, until);
    }
  }

  /** The one request that all rows of a batch travel in. */
  function drawEnvelope() {
    const from = carrier?.sent;
    // The clock of the browser for the request is not quite that by which the page has the answers: the frame holds all marks.
    const to = carrier && Math.max(carrier.ended ?? carrier.until ?? from, ...calls.map(({ ended = 0 }) => ended));
    const visible = kind === 'batch' && from !== undefined && to !== undefined;
    place(envelope, {
      x: visible ? x(from) : 0, y: AXIS - 1, width: visible ? Math.max(1, x(to) - x(from)) : 0, height: visible ? rows * pitch + 2 : 0,
    });
    // Inside it would be over the marks; the legend has the name, too.
    const beside = visible && x(to) + ROOM_FOR_NAME < width;
    place(name, { x: beside ? x(to) + 8 : 0, y: AXIS + 14 });
    name.textContent = beside ? 'POST /batch' : '';
  }

  return {
    calls,
    /** Everything anew. */
    clear() {
      calls.forEach((call) => Object.keys(call).forEach((key) => delete call[key]));
      carrier = undefined;
      this.redraw();
      this.describe();
    },
    /** Puts the results of another run in the place of these. */
    load(others, otherCarrier) {
      calls.forEach((call, index) => Object.assign(call, others[index]));
      carrier = otherCarrier;
      this.redraw();
      this.describe();
    },
    redraw() {
      changed.clear();
      drawAxis();
      calls.forEach((_, index) => drawRow(index));
      drawEnvelope();
    },
    set length(ms) {
      length = ms;
      this.redraw();
    },
    get length() {
      return length;
    },
    /** Notes what has happened to a call; it is drawn with the next moment. */
    set(index, times) {
      Object.assign(calls[index], times);
      changed.add(index);
    },
    set carrier(times) {
      carrier = { ...carrier, ...times };
    },
    get carrier() {
      return carrier;
    },
    /** Draws what has changed, and lets what is under way reach to this moment; or takes the line of the moment away. */
    now(ms) {
      const running = ms !== undefined;
      place(now, { x1: running ? x(ms) : 0, x2: running ? x(ms) : 0, y1: 14, y2: running ? AXIS + rows * pitch : 14 });
      if (running) {
        changed.forEach(drawRow);
        changed.clear();
        calls.forEach((call, index) => call.ended === undefined && call.called !== undefined && grow(index, ms));
        if (carrier && carrier.ended === undefined) {
          carrier.until = ms;
          drawEnvelope();
        }
      }
    },
    /** Says to who does not see the drawing what there is to know of each call by now. */
    describe() {
      shapes.forEach(({ row }, index) => row.setAttribute('aria-label', label(index)));
    },
  };
}
