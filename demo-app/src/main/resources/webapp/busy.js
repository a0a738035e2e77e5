// One thing at a time on the whole page.

/** The buttons stay focusable meanwhile, so that the keyboard does not lose its place; `report(text)` says what failed. */
export async function whileBusy(work, report) {
  if (document.body.ariaBusy === 'true') {
    return;
  }
  const buttons = [...document.querySelectorAll('button')];
  document.body.ariaBusy = 'true';
  buttons.forEach((button) => button.setAttribute('aria-disabled', 'true'));
  try {
    await work();
  } catch (error) {
    report(`That did not work: ${error.message}`);
  } finally {
    document.body.ariaBusy = 'false';
    buttons.forEach((button) => button.removeAttribute('aria-disabled'));
  }
}
