import { lstat, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { formatOfFile } from '../../advisory/feed/open-feed.ts'
import { recordLimit } from '../../advisory/feed/osv/osv.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'

/** Something that can be imported as one feed. */
export type FeedInput =
  | { readonly kind: 'file'; readonly id: string; readonly path: string }
  /** Files with one OSV record each, by paths below the folder, sorted. */
  | {
      readonly kind: 'records'
      readonly id: string
      readonly path: string
      readonly names: readonly string[]
    }

const depthLimit = 12
const fileLimit = 5_000_000
/** In a folder with more JSON files than this they are records, and are not looked at one by one. */
const manyFiles = 200

/**
 * What can be imported from a path: a file is one feed; in a folder, each collection (zip, NDJSON, KEV, EPSS…) is
 * one, and all files with single OSV records together are one. Symbolic links in folders are not followed.
 */
export async function feedInputs(path: string): Promise<readonly FeedInput[]> {
  const stats = await lstatOf(path)
  if (!stats.isDirectory()) return [{ kind: 'file', id: idOf(path), path }]
  const records: string[] = []
  const files: string[] = []
  await walk(path, { records, files }, '')
  const inputs: FeedInput[] = files
    .sort()
    .map((name) => ({ kind: 'file', id: idOf(join(path, name)), path: join(path, name) }))
  if (records.length > 0) inputs.unshift({ kind: 'records', id: idOf(path), path, names: records.sort() })
  if (inputs.length === 0) {
    throw new TemperError('not-found', `${path}: the folder holds no feed files`, {
      hint: 'Feeds are .json, .ndjson, .zip, .csv and .tsv files, also compressed (.gz, .zst, .xz).',
    })
  }
  return apart(inputs)
}

const collection = /\.(?:ndjson|jsonl|csv|tsv|zip|index|feeds|json\.(?:gz|zst|xz))(?:\.(?:gz|zst|xz))?$/i

async function walk(
  root: string,
  inputs: { records: string[]; files: string[] },
  below: string,
): Promise<void> {
  if (below.split('/').length > depthLimit)
    throw new TemperError('limit-exceeded', `${join(root, below)}: nested deeper than ${depthLimit} folders`)
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch((error: unknown) => {
    throw fileError('read', join(root, below), error)
  })
  const json = entries.filter((entry) => entry.isFile() && /\.json$/i.test(entry.name))
  for (const entry of entries) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory() && !entry.name.startsWith('.')) await walk(root, inputs, name)
    else if (!entry.isFile()) continue
    else if (collection.test(entry.name)) inputs.files.push(name)
    else if (/\.json$/i.test(entry.name)) {
      const isRecord = json.length > manyFiles || (await holdsRecord(join(root, name)))
      ;(isRecord ? inputs.records : inputs.files).push(name)
    }
    if (inputs.records.length + inputs.files.length > fileLimit)
      throw new TemperError('limit-exceeded', `${root}: more than ${fileLimit} files`)
  }
}

/** One record, or something that is no feed at all and will be noted. */
async function holdsRecord(path: string): Promise<boolean> {
  const { size } = await lstatOf(path)
  if (size > recordLimit) return false
  const format = await formatOfFile(path)
  return format === undefined || format === 'osv-lines' || format === 'osv-values'
}

async function lstatOf(path: string) {
  try {
    return await lstat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new TemperError('not-found', `There is no file or folder ${path}`)
    throw fileError('read', path, error)
  }
}

/** The file's name without endings; "Debian/all.zip" is called Debian. */
function idOf(path: string): string {
  const plain = basename(path).replace(/(?:\.(?:json|ndjson|jsonl|zip|csv|tsv|gz|zst|xz|index|feeds))+$/i, '')
  const name = plain.toLowerCase() === 'all' ? basename(dirname(path)) : plain
  return name.replace(/[^\w.+:@-]+/g, '-').slice(0, 80) || 'feed'
}

/** Different ids for different inputs: files in different folders may have the same name. */
function apart(inputs: readonly FeedInput[]): readonly FeedInput[] {
  const seen = new Map<string, number>()
  return inputs.map((input) => {
    const count = (seen.get(input.id) ?? 0) + 1
    seen.set(input.id, count)
    return count === 1 ? input : { ...input, id: `${input.id}-${count}` }
  })
}
