// The shared axis of time: how long it is, and where its lines are.

const STEPS = [1, 2, 5];

/** The distance between lines such that there are at most `lines` of them. */
export function stepFor(length, lines) {
  for (let power = 1; ; power *= 10) {
    const step = STEPS.map((each) => each * power).find((each) => length / each <= lines);
    if (step) {
      return step;
    }
  }
}

/** The times of the lines of an axis of this length, without its ends. */
export function linesOf(length, lines) {
  const step = stepFor(length, lines);
  const times = [];
  for (let time = step; time < length * 0.98; time += step) {
    times.push(time);
  }
  return times;
}

/** A length that has room for so many milliseconds. */
export function roomFor(ms) {
  const step = stepFor(ms, 20);
  return Math.ceil((ms * 1.03) / step) * step;
}
