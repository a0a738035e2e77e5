/** The lines of a body as they come, without their ends. The last one need not have any. */
export async function* lines({ body }) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let done, value; !done;) {
    ({ done, value } = await reader.read());
    const complete = (rest + decoder.decode(value, { stream: !done })).split('\n');
    rest = complete.pop();
    yield* complete;
  }
  yield rest;
}
