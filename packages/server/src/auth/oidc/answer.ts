/** Most bytes of an answer of a provider. */
const answerLimit = 1 << 20

/** Reads a provider's whole answer. Throws when it is too long. */
export async function readAnswer(
  answer: Pick<Response, 'body'>,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  let size = 0
  const reader = answer.body?.getReader()
  for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader?.read()) {
    size += next.value.length
    if (size > answerLimit) {
      await reader?.cancel()
      throw new Error(`${what}: too large`)
    }
    pieces.push(next.value)
  }
  return new Uint8Array(Buffer.concat(pieces))
}
