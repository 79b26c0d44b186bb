import type { Recipe } from '../../model/recipe.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'

/** Writes usr/lib/os-release (os-release(5)): the distribution's fields, overridden by those of the recipe. */
export function addOsRelease(
  root: Rootfs,
  recipe: Recipe,
  options: { readonly distribution: Readonly<Record<string, string>>; readonly mtime: number },
): void {
  const fields = { ...options.distribution, ...recipe.osRelease }
  const text = Object.entries(fields)
    .map(([key, value]) => `${key}=${quote(value)}\n`)
    .join('')
  const content = new TextEncoder().encode(text)
  const base = {
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: options.mtime,
    origin: { kind: 'effect', effect: 'os-release' } as const,
  }
  root.put({ ...base, path: 'usr/lib/os-release', type: 'file', size: content.length, content })
  root.put({
    ...base,
    path: 'etc/os-release',
    type: 'symlink',
    mode: 0o777,
    size: 0,
    target: '../usr/lib/os-release',
  })
}

function quote(value: string): string {
  return /^[A-Za-z0-9._:/-]+$/.test(value) ? value : `"${value.replace(/["\\$`]/g, '\\$&')}"`
}
