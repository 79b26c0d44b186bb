import { TemperError } from '../../base/error.ts'
import type { WantedPackage } from '../../model/recipe-parts/dependency.ts'
import type { PythonEnvironment } from './environment.ts'
import { holdsMarker } from './marker.ts'
import { normalisedName } from './tags.ts'

/** What a lock file asks for, and where it says that packages are found. */
export interface PythonLock {
  readonly packages: readonly WantedPackage[]
  /** Addresses of indices; empty when it names none. */
  readonly indices: readonly string[]
}

/** A pinned requirement: name, extras, version. */
const pinned =
  /^([A-Za-z0-9][A-Za-z0-9._-]{0,200})\s*(?:\[[^\]]{0,500}\])?\s*={2,3}\s*([^\s;,*=]{1,100})\s*(?:;\s*(.{1,4096}))?$/

/**
 * requirements.txt with hashes, as `pip install --require-hashes` takes it: every package is pinned by "==" and has a SHA-256.
 * Those whose marker does not hold are left out. Throws `bad-recipe` with the line otherwise.
 */
export function readRequirementsLock(text: string, environment: PythonEnvironment, file: string): PythonLock {
  const packages: WantedPackage[] = []
  const indices: string[] = []
  for (const { line, at } of logicalLines(text)) {
    const where = `${file}:${at}`
    const index = /^(?:-i|--index-url|--extra-index-url)(?:\s+|=)(\S+)$/.exec(line)?.[1]
    if (index !== undefined) {
      indices.push(index)
      continue
    }
    // What decides what may be used, which a lock has decided.
    if (/^--(?:no-binary|only-binary|prefer-binary|require-hashes|no-index|trusted-host|pre)\b/.test(line))
      continue
    const hashes = [...line.matchAll(/\s--hash[=\s]\s*([a-z0-9]+:[0-9a-f]+)/g)].flatMap(
      ([, hash]) => hash ?? [],
    )
    const requirement = line.replaceAll(/\s--hash[=\s]\s*\S+/g, '').trim()
    const [, name, version, marker] = pinned.exec(requirement) ?? []
    if (name === undefined || version === undefined)
      throw new TemperError(
        'bad-recipe',
        `${where}: expected a pinned package, found ${JSON.stringify(requirement.slice(0, 120))}`,
        {
          hint: 'Let a tool make the lock: uv pip compile --generate-hashes, or pip-compile --generate-hashes.',
        },
      )
    if (marker !== undefined && !holdsMarker(marker, environment, { where })) continue
    const usable = hashes.filter((hash) => /^sha256:[0-9a-f]{64}$/.test(hash))
    if (usable.length === 0)
      throw new TemperError('bad-recipe', `${where}: ${name} has no SHA-256 (--hash=sha256:…)`, {
        hint: 'Without a digest nobody knows what is installed: uv pip compile --generate-hashes writes them.',
      })
    packages.push({ name: normalisedName(name), version, hashes: usable, files: [], where })
  }
  return { packages, indices }
}

/** Lines with those that continue them, without comments and empty ones. */
function logicalLines(text: string): readonly { readonly line: string; readonly at: number }[] {
  const result: { line: string; at: number }[] = []
  let open: { line: string; at: number } | undefined
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const uncommented = raw.replace(/(?:^|\s)#.*$/, '')
    const continues = uncommented.endsWith('\\')
    const part = (continues ? uncommented.slice(0, -1) : uncommented).trim()
    open = { line: `${open?.line ?? ''} ${part}`.trim(), at: open?.at ?? i + 1 }
    if (open.line === '') open = undefined
    if (continues) continue
    if (open !== undefined) result.push(open)
    open = undefined
  }
  if (open !== undefined) result.push(open)
  return result
}
