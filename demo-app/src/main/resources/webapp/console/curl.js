// A batch as a command line.

/** What a shell of the POSIX kind takes as one word, whatever is in it. */
export function quoted(text) {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

/** The command that posts the batch as the console does, but without cookies. */
export function curlOf(endpoint, text, { execution, answer, goOn }) {
  const prefer = [
    answer === 'job' && 'respond-async',
    execution && `execution=${execution}`,
    !goOn && 'continue-on-error=false',
  ].filter(Boolean).join(', ');
  const header = (value) => `-H ${quoted(value)}`;
  return [
    `curl -s${answer === 'stream' ? 'N' : answer === 'job' ? 'i' : ''} ${quoted(endpoint)}`,
    header('Content-Type: application/json'),
    answer === 'stream' && header('Accept: application/x-ndjson'),
    prefer && header(`Prefer: ${prefer}`),
    // Not -d, which would take a text that begins with @ for the name of a file.
    `--data-raw ${quoted(text)}`,
  ].filter(Boolean).join(' \\\n  ');
}
