import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { multiplied, readAdvisories, writeFeed } from './advisories.ts'
import { type ContestOptions, type ContestResult, hold } from './contest.ts'
import { temperLine } from './programs.ts'

export interface FeedsOptions extends ContestOptions {
  /** Folder of OSV records as NDJSON. */
  readonly osv?: string
}

const madeUp = 130_000

/** Records as publishers write them → an index: all of a folder, or made-up ones. */
export async function benchFeeds({ osv, ...options }: FeedsOptions): Promise<readonly ContestResult[]> {
  const files = osv === undefined ? [await madeUpFeed(options)] : await feedFiles(osv)
  const store = join(options.scratch, 'imported')
  const named = files.map((file) => `'${file}'`).join(' ')
  const command = await temperLine(`feeds import ${named} --feeds '${store}' --quiet`)
  const prepare = async () => await rm(store, { recursive: true, force: true })
  const contest = {
    title: 'Importing all feeds',
    contenders: [{ name: 'temper feeds import', command: () => command, prepare }],
    notes: [osv === undefined ? `${madeUp} made-up entries.` : `${files.length} files of real records.`],
  } as const
  return [await hold(contest, options)]
}

async function feedFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder)
  return names.filter((name) => /\.ndjson(\.gz)?$/.test(name)).map((name) => join(folder, name))
}

async function madeUpFeed({ scratch }: ContestOptions): Promise<string> {
  const file = join(scratch, 'made-up.ndjson')
  const names = Array.from({ length: 200 }, (_, at) => `package-${at}`)
  await writeFeed(file, multiplied(await readAdvisories(madeUp, { names }), madeUp))
  return file
}
