/** Longest name of a library that is looked for. */
const longest = 255

/** Most names of one file; real ones have a few dozen. */
const most = 10_000

/** The character before ".so", and what a version after it is made of. */
const name = /[A-Za-z0-9_+.-]{1,240}\.so(?:\.[0-9A-Za-z_.]{1,40})?/g

/**
 * Collects names of shared libraries in the bytes of a file, where programs that open libraries by name (dlopen(3))
 * keep them. Pieces may have any size. A name that is composed when the program runs is not included.
 */
export function createLibraryNames(): {
  write(chunk: Uint8Array): void
  /** Sorted. Undefined when there are more than any real file has. */
  finish(): readonly string[] | undefined
} {
  const names = new Set<string>()
  let tail = ''
  const search = (text: string) => {
    for (const [match] of text.matchAll(name)) {
      if (names.size > most) return
      names.add(match.replace(/\.+$/, ''))
    }
  }
  return {
    write(chunk) {
      const text = tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
      search(text)
      tail = text.slice(-longest)
    },
    finish: () => (names.size > most ? undefined : [...names].sort()),
  }
}
