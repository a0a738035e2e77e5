// Who is signed in. The button in the header of the page, and each of class `login`, says it and changes it.

import { whileBusy } from './busy.js';

const buttons = [...document.querySelectorAll('button.login')];
const status = document.getElementById('login-status');
const listeners = [];
let signedIn;

buttons.forEach((button) => button.addEventListener('click', () => whileBusy(document.querySelector('.top'), change, say)));

/** Calls `listener(signedIn)` whenever somebody has signed in or out. */
export function onSession(listener) {
  listeners.push(listener);
}

export function isSignedIn() {
  return signedIn === true;
}

/** What an answer has shown, for instance of another tab that has signed out. */
export function setSignedIn(value) {
  if (signedIn !== value) {
    signedIn = value;
    buttons.forEach((button) => {
      button.textContent = signedIn ? 'Sign out' : 'Sign in as demo';
    });
    listeners.forEach((listener) => listener(signedIn));
  }
}

async function change() {
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
  say(signedIn ? 'Signed in as demo.' : 'Signed out.');
}

function say(text) {
  status.textContent = text;
}
