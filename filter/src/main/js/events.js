/** Tells a listener of the page, if there is one. Whatever it does, it harms nobody. */
export function notify(listener, event) {
  try {
    if (listener) {
      listener(event);
    }
  } catch (error) {
    console.error(error);
  }
}
