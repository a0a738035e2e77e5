// Whether a text is JSON, and if not, where it ceases to be: browsers do not agree on how to say that, or do not say it at all.

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** At which place of a text what was expected. */
class Fault {
  constructor(offset, expected) {
    this.offset = offset;
    this.expected = expected;
  }
}

/** The first fault in a text, as its place and what would have been right; undefined for JSON. */
export function faultIn(text) {
  let at = 0;
  try {
    value(0);
    space();
    return at < text.length ? new Fault(at, 'nothing more') : undefined;
  } catch (fault) {
    if (fault instanceof Fault) {
      return fault;
    }
    throw fault;
  }

  function take(pattern) {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    at = found ? pattern.lastIndex : at;
    return found;
  }

  function space() {
    take(SPACE);
  }

  function expect(found, expected) {
    if (!found) {
      throw new Fault(at, expected);
    }
  }

  function next(char) {
    space();
    const found = text[at] === char;
    at += found ? 1 : 0;
    return found;
  }

  function value(depth) {
    expect(depth < 1000, 'less depth');
    if (next('{')) {
      members('}', 'a name in quotes', () => {
        expect(take(STRING), 'a name in quotes');
        expect(next(':'), 'a colon');
        value(depth + 1);
      });
    } else if (next('[')) {
      members(']', 'a value', () => value(depth + 1));
    } else {
      expect(take(STRING) || take(SCALAR), text[at] === '"' ? 'a whole string: an end, and escapes that exist' : 'a value');
    }
  }

  function members(end, what, member) {
    if (next(end)) {
      return;
    }
    do {
      space();
      expect(text[at] !== end, what);
      member();
    } while (next(','));
    expect(next(end), `a comma or ${end}`);
  }
}

/** Line and column of a place, counted from 1. */
export function placeOf(text, offset) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1).length + 1 };
}

/** The place that a line and a column mean. */
export function offsetOf(text, line, column) {
  const before = text.split('\n').slice(0, line - 1);
  return Math.min(text.length, before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1);
}

/** The requests of a text that can be sent by the module: an object whose `requests` are objects; otherwise undefined. */
export function requestsIn(text) {
  const { requests } = Object(faultIn(text) ? undefined : JSON.parse(text));
  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return Array.isArray(requests) && requests.every(isObject) ? requests : undefined;
}
