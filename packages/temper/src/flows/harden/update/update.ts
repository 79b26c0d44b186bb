import { readContents } from '../../../assemble/packages/contents.ts'
import { TemperError } from '../../../base/error.ts'
import { describeRelease } from '../../../distro/open.ts'
import { defaultCompressor } from '../../../formats/compress/compress.ts'
import type { Distro } from '../../../model/distro.ts'
import type { ComponentType } from '../../../model/inventory.ts'
import type { LockedSuite } from '../../../model/lock.ts'
import type { InstalledState, SystemPackage } from '../../../model/package/installed.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import type { MemoryTree } from '../../../model/tree/memory-tree.ts'
import { parseAccountFile } from '../../../rules/hardening/accounts-file.ts'
import { hardeningWith } from '../../../rules/hardening/strip.ts'
import { proofReads } from '../../../tree/proof/plugins.ts'
import { archiveFetcher, repositoryWorld } from '../../assemble/archives.ts'
import { type AssemblyTools, createTools } from '../../assemble/tools.ts'
import type { Context } from '../../context.ts'
import type { BaseImage } from '../base-image.ts'
import { readContents as readFiles } from '../file-contents.ts'
import type { LeftOver, UpdatedPackage } from '../request.ts'
import { copyTree } from '../work-tree.ts'
import { chooseUpdates, type PackageUpdate, type UpdateChoice } from './choose.ts'
import { applyScripts } from './effects.ts'
import { layUpdates, type ReadUpdate } from './lay.ts'
import { readUpdateLock, writeUpdateLock } from './lock.ts'

/** The tree of an image with newer packages, and what is needed to write it. */
export interface UpdatedTree {
  readonly root: MemoryTree<TreeNode>
  /** All that is installed now. */
  readonly installed: readonly SystemPackage[]
  readonly updates: readonly ReadUpdate[]
  readonly updated: readonly UpdatedPackage[]
  readonly left: readonly LeftOver[]
  readonly suites: readonly LockedSuite[]
  /** Absent when no package is newer. */
  readonly tools?: AssemblyTools
  /** Of the package URLs of what was updated. */
  readonly packageType?: ComponentType
}

export interface UpdateOptions {
  readonly context: Context
  /** Of files that are made, in seconds since 1970. */
  readonly mtime: number
  /** A file with what was chosen before; written where there is none. */
  readonly lock?: string
}

const contents = { packages: [], repositories: [], keyring: [], files: [] }

/**
 * Updates the packages of an image to what its distribution's archive has, verified with the archive's own keys.
 * Nothing of a package is run. Errors: those of reaching archives and reading packages.
 */
export async function updatePackages(
  base: BaseImage,
  { context, mtime, lock }: UpdateOptions,
): Promise<UpdatedTree> {
  const { foreign, installed, distribution } = base
  const nothing = notUpdated(base)
  if (foreign?.distro.installed === undefined || installed === undefined) return nothing
  if (!foreign.isRelease) {
    const what = `${distribution?.id ?? ''} ${distribution?.version ?? ''}`.trim()
    return { ...nothing, left: [{ what: 'updates', why: `the archive of ${what} is not known here` }] }
  }
  const { distro } = foreign
  const { suites, ...choice } = await choose(base, { installed, distro, lock, context })
  if (choice.updates.length === 0) return { ...nothing, left: choice.left }
  const fetchArchives = archiveFetcher(suites, { recipe: { contents }, distro, context })
  await fetchArchives(choice.updates.map(({ to }) => to))
  const tools = await createTools(defaultCompressor('gzip'), fetchArchives, { distro, context })
  const updates = await readUpdates(choice.updates, { tools, context })
  const laid = await layAll(base, updates, { context, mtime })
  return {
    ...laid,
    updates,
    updated: choice.updates.map(({ from, to }) => ({
      package: to.name,
      from: from?.package.version ?? '',
      to: to.version,
    })),
    left: [...choice.left, ...laid.left],
    suites,
    tools,
    packageType: describeRelease(distro.release.id, context).packageType,
  }
}

/** What a lock says, or else what the archive has; then the lock is written. */
async function choose(
  base: BaseImage,
  {
    installed,
    distro,
    lock,
    context,
  }: {
    readonly installed: InstalledState
    readonly distro: Distro
    readonly lock: string | undefined
    readonly context: Context
  },
): Promise<UpdateChoice & { readonly suites: readonly LockedSuite[] }> {
  const { architecture } = base
  const locked = lock === undefined ? undefined : await readUpdateLock(lock, base, context)
  if (locked !== undefined) {
    const byName = new Map(
      installed.packages
        .filter(({ package: candidate }) => distro.rules.fitsArchitecture(candidate, architecture))
        .map((each) => [each.package.name, each]),
    )
    const updates = locked.packages.map((to): PackageUpdate => {
      const from = byName.get(to.name)
      return { to, ...(from === undefined ? {} : { from }) }
    })
    return { updates, left: [], suites: locked.suites }
  }
  const source = await distro.openSource({
    ...(await repositoryWorld({ recipe: { contents } }, context)),
    keyring: [],
    keysDir: context.keysDir,
    now: context.now(),
    architectures: [architecture],
  })
  const choice = await chooseUpdates(installed.packages, source, { distro, architecture })
  const suites = source.suites()
  const packages = choice.updates.map(({ to }) => to)
  if (lock !== undefined)
    await writeUpdateLock(lock, { suites, packages }, { base, workingDir: context.workingDir })
  return { ...choice, suites }
}

/** The unchanged tree of an image. */
export function notUpdated({ tree, installed }: BaseImage): UpdatedTree {
  const packages = installed?.packages ?? []
  return { root: copyTree(tree), installed: packages, updates: [], updated: [], left: [], suites: [] }
}

/** Reads the fetched packages, and what the image's database will hold of each. */
async function readUpdates(
  updates: readonly PackageUpdate[],
  { tools, context }: { readonly tools: AssemblyTools; readonly context: Context },
): Promise<readonly ReadUpdate[]> {
  const { distro } = tools
  const database = distro.installed
  if (database === undefined) throw new TemperError('internal', 'A distribution without a package database')
  const progress = context.progress.start('Reading packages', {
    total: updates.reduce((sum, { to }) => sum + to.size, 0),
    unit: 'bytes',
  })
  try {
    const read = await readContents(
      updates.map(({ to }) => to),
      {
        ...tools,
        decide: {
          mergedPath: distro.mergedPath,
          hardening: hardeningWith([]),
          hasInterpreter: () => true,
        },
        captures: proofReads,
        progress,
      },
    )
    const { xzProgram } = context
    const host = xzProgram === undefined ? {} : { xzProgram }
    const all: ReadUpdate[] = []
    for (const [at, { package: locked, content }] of read.entries()) {
      const from = updates[at]?.from
      const archive = distro.archivePath(context.cacheDir, locked.digest)
      const previous = from === undefined ? {} : { previous: from }
      const record = await database.install({ package: locked, content, archive, ...previous }, host)
      all.push({ package: locked, content, installed: record, ...(from === undefined ? {} : { from }) })
    }
    return all
  } finally {
    progress.done()
  }
}

async function layAll(
  base: BaseImage,
  updates: readonly ReadUpdate[],
  { context, mtime }: { readonly context: Context; readonly mtime: number },
): Promise<Pick<UpdatedTree, 'root' | 'installed' | 'left'>> {
  const { image, tree, foreign, architecture } = base
  const distro = foreign?.distro
  if (distro?.installed === undefined) throw new TemperError('internal', 'There is no distribution to update')
  const byOld = new Map(updates.map((update) => [update.from, update.installed]))
  const installed = [
    ...(base.installed?.packages ?? []).map((each) => byOld.get(each) ?? each),
    ...updates.flatMap((update) => (update.from === undefined ? [update.installed] : [])),
  ]
  const root = copyTree(tree)
  const configured = updates.flatMap((update) => [...update.installed.conffiles.keys()])
  const files = configured.flatMap((path) => tree.resolve(path) ?? [])
  const left = layUpdates({
    root,
    updates,
    installed,
    settings: distro.installed.unpackSettings(tree),
    contents: await readFiles(image, files, context),
    ids: { users: idsOf(tree.resolve('etc/passwd')), groups: idsOf(tree.resolve('etc/group')) },
  })
  const scripts = applyScripts({ before: tree, root, updates, distro, architecture, mtime })
  return { root, installed, left: [...left, ...scripts] }
}

function idsOf(file: TreeNode | undefined): ReadonlyMap<string, number> {
  const lines = parseAccountFile(file?.content ?? new Uint8Array())
  return new Map(
    lines.flatMap(([name, , id]) =>
      name !== undefined && id !== undefined && /^\d{1,10}$/.test(id) ? [[name, Number(id)] as const] : [],
    ),
  )
}
