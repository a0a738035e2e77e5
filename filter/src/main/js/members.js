/**
 * The members of an object, or the elements of an array, as `[name, text]`: the app's own bytes are to be handed on, and
 * `JSON.parse` does not keep them.
 *
 * @param {string} text an object or array of JSON that is known to be well-formed
 */
export function members(text) {
  const found = [];
  let depth = 0;
  let begin;
  let name;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const closes = char === '}' || char === ']';
    if (char === '"') {
      at = endOfString(text, at);
    } else if (char === '{' || char === '[') {
      depth++;
      begin = begin ?? at + 1;
    } else if (depth === 1 && char === ':') {
      name = JSON.parse(text.slice(begin, at));
      begin = at + 1;
    } else if (depth === 1 && (closes || char === ',')) {
      found.push([name, text.slice(begin, at)]);
      begin = at + 1;
    }
    depth -= Number(closes);
  }
  return found;
}

function endOfString(text, from) {
  for (let at = from + 1; ; at++) {
    if (text[at] === '"') {
      return at;
    }
    at += Number(text[at] === '\\');
  }
}
