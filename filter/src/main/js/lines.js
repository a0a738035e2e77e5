/**
 * The lines of a body as they come, without their ends. The last one need not have any.
 *
 * @param {Response} response
 */
export async function* lines({ body }) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let line = '';
  try {
    for (let done, value; !done;) {
      ({ done, value } = await reader.read());
      // Only what is new is looked through: a line may be long, and come in many pieces.
      const [end, ...others] = decoder.decode(value, { stream: !done }).split('\n');
      line += end;
      for (const next of others) {
        yield line;
        line = next;
      }
    }
    yield line;
  } finally {
    // Who has read enough holds no connection.
    reader.cancel().catch(() => {});
  }
}
