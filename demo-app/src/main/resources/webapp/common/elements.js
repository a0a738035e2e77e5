// Makes elements whose text is text, whoever wrote it.

const SVG = 'http://www.w3.org/2000/svg';

/** An element of HTML; `text` is its text, `children` come behind it. */
export function element(name, className, text, ...children) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  if (text) {
    made.textContent = text;
  }
  made.append(...children);
  return made;
}

/** An element of SVG with these attributes. */
export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  place(made, attributes);
  made.append(...children);
  return made;
}

/** Sets the attributes of an element. */
export function place(target, attributes) {
  Object.entries(attributes).forEach(([name, value]) => target.setAttribute(name, value));
}

/** The small sign of a status: a symbol for those who do not see colours, the number, and the colour. */
export function badge(status) {
  return element('span', `badge ${kindOf(status)}`, `${status < 400 ? '✓' : '✕'} ${status}`);
}

/** What a status means for who looks on: `ok`, `refused` or `broken`. */
export function kindOf(status) {
  return status < 400 ? 'ok' : status < 500 ? 'refused' : 'broken';
}
