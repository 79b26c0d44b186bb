/** Most classes that are looked at: the root of so many is that of all. */
const classLimit = 20_000
const depthLimit = 8

/**
 * The package that nearly all classes of an archive lie in: "org.apache.kafka". Empty where they lie in several, as what
 * was shaded into an archive does, or where there are none. Of multi-release archives only the base counts.
 */
export function packageRoot(names: Iterable<string>): string {
  const counts = new Map<string, number>()
  let total = 0
  for (const name of names) {
    if (!name.endsWith('.class') || name.startsWith('META-INF/') || name.endsWith('-info.class')) continue
    const parts = name.split('/').slice(0, -1)
    if (parts.length === 0) continue
    if (++total > classLimit) break
    for (let depth = 1; depth <= Math.min(parts.length, depthLimit); depth++) {
      const folder = parts.slice(0, depth).join('.')
      counts.set(folder, (counts.get(folder) ?? 0) + 1)
    }
  }
  let root = ''
  for (const [folder, count] of counts)
    if (count * 10 >= total * 8 && folder.length > root.length) root = folder
  return root
}
