// Numbers as people read them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 });

export function count(value) {
  return whole.format(value);
}

/** A number of things, in the plural where it has to be. */
export function countOf(value, what, plural = `${what}s`) {
  return `${whole.format(value)} ${value === 1 ? what : plural}`;
}

/** A time without its unit: with a tenth where that matters. */
export function millis(value) {
  return (value < 10 ? tenths : whole).format(value);
}

export function kilobytes(bytes) {
  return `${tenths.format(bytes / 1000)} kB`;
}

export function factor(value) {
  return (value < 10 ? tenths : whole).format(value);
}
