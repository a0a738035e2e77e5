// One thing at a time in each panel.

/** The buttons stay focusable meanwhile, so that the keyboard does not lose its place; `report(text)` says what failed. */
export async function whileBusy(panel, work, report) {
  if (panel.ariaBusy === 'true') {
    return;
  }
  const buttons = [...panel.querySelectorAll('button')].filter((button) => !button.hasAttribute('data-always'));
  panel.ariaBusy = 'true';
  buttons.forEach((button) => button.setAttribute('aria-disabled', 'true'));
  try {
    await work();
  } catch (error) {
    report(`That did not work: ${error.message}`);
  } finally {
    panel.ariaBusy = 'false';
    buttons.forEach((button) => button.removeAttribute('aria-disabled'));
  }
}
