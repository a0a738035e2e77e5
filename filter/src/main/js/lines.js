/** The lines of a body as they come, without their ends. The last one need not have any. */
export async function* lines(response) {
  if (!response.body) {
    yield* (await response.text()).split('\n');
    return;
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const complete = rest.split('\n');
    rest = complete.pop();
    yield* complete;
    if (done) {
      yield rest;
      return;
    }
  }
}
