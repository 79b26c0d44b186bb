/** "a/b/c.txt" → "a/b"; "" for files at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** "" is the root, of which everything is part. */
export function within(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`
}
