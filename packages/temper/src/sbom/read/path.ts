/** Longer than any path of a file system (PATH_MAX). */
const pathLimit = 4096

/** A path of a document as inventories write it, without leading "./" or slashes; undefined when there is none. */
export function inventoryPath(text: string | undefined): string | undefined {
  if (text === undefined || text.length > pathLimit) return undefined
  const path = text.replace(/^(?:\.?\/+)+/, '')
  return path === '' || path === '.' || path.includes('\0') ? undefined : path
}
