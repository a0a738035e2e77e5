// Who is signed in. Every button of class `login` says it, and changes it.

import { whileBusy } from './busy.js';

const buttons = [...document.querySelectorAll('button.login')];
let signedIn = false;

export function setSignedIn(value) {
  signedIn = value;
  buttons.forEach((button) => {
    button.textContent = signedIn ? 'Sign out' : 'Sign in as demo';
  });
}

/** Has `button` sign in or out; then `done(signedIn)` is called. */
export function toggleLogin(button, done, report) {
  button.addEventListener('click', () => whileBusy(async () => {
    const response = signedIn
      ? await fetch('/logout', { method: 'POST' })
      : await fetch('/login', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ user: 'demo', password: 'demo' }),
      });
    if (!response.ok) {
      throw new Error(`${new URL(response.url).pathname} was answered with ${response.status}`);
    }
    setSignedIn(!signedIn);
    await done(signedIn);
  }, report));
}
