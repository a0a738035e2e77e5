// The navigation knows where the reader is.

const links = new Map([...document.querySelectorAll('nav a')].map((link) => [link.hash.slice(1), link]));
const visible = new Set();

const observer = new IntersectionObserver((entries) => {
  entries.forEach(({ target, isIntersecting }) => (isIntersecting ? visible.add(target.id) : visible.delete(target.id)));
  const here = [...links.keys()].find((id) => visible.has(id));
  links.forEach((link, id) => (id === here ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current')));
}, { rootMargin: '-30% 0px -55% 0px' });
links.forEach((_, id) => observer.observe(document.getElementById(id)));
