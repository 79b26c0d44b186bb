/**
 * The main section of META-INF/MANIFEST.MF (JAR file specification, "Notes on Manifest and Signature Files"): names in
 * lower case; a value goes on in lines that begin with a space.
 */
export function readManifest(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  let last: string | undefined
  for (const line of text.slice(0, sectionLimit).split(/\r\n|\n|\r/)) {
    if (line === '') {
      if (attributes.size > 0) break
      continue
    }
    if (line.startsWith(' ')) {
      if (last !== undefined) attributes.set(last, `${attributes.get(last) ?? ''}${line.slice(1)}`)
      continue
    }
    const colon = line.indexOf(':')
    last = colon <= 0 ? undefined : line.slice(0, colon).toLowerCase()
    // A line is broken at any byte, also at a blank of the value.
    if (last !== undefined) attributes.set(last, line.slice(colon + 1).replace(/^ /, ''))
  }
  for (const [name, value] of attributes) attributes.set(name, value.trim())
  return attributes
}

/** Sections of single files follow, megabytes of them in signed archives. */
const sectionLimit = 256 * 1024
