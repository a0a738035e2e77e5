const CLOSING = /[\]}]/;

/**
 * Where the members of an object, or the elements of an array, stand in a text of JSON that is known to be well-formed: the
 * app's own bytes are to be handed on, and `JSON.parse` does not keep them.
 *
 * @param {string} text
 * @param {number} from where the object or array begins
 * @returns {{ name: string, from: number, to: number }[]} in their order; elements have no name
 */
export function spans(text, from) {
  const found = [];
  let depth = 0;
  let begin = from + 1;
  let name;
  for (let at = from; ; at++) {
    const char = text[at];
    if (char === '"') {
      at = endOfString(text, at);
    } else if (char === '{' || char === '[') {
      depth++;
    } else if (depth === 1 && char === ':') {
      name = JSON.parse(text.slice(begin, at));
      begin = at + 1;
    } else if (depth === 1 && (char === ',' || CLOSING.test(char))) {
      const value = text.slice(begin, at);
      if (value.trim()) {
        found.push({ name, from: begin + value.search(/\S/), to: begin + value.trimEnd().length });
      }
      begin = at + 1;
    }
    if (CLOSING.test(char) && --depth === 0) {
      return found;
    }
  }
}

function endOfString(text, from) {
  for (let end = text.indexOf('"', from + 1); ; end = text.indexOf('"', end + 1)) {
    let backslash = end;
    while (text[backslash - 1] === '\\') {
      backslash--;
    }
    if ((end - backslash) % 2 === 0) {
      return end;
    }
  }
}
