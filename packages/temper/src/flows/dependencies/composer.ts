import { mapLimit } from '../../base/concurrency.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { redactUrl } from '../../base/http/redact.ts'
import { textOf } from '../../base/json/value.ts'
import {
  archiveName,
  type ComposerPackage,
  mirroredArchive,
  readComposerLock,
} from '../../dependencies/composer/lock.ts'
import { readComposerProject } from '../../dependencies/composer/project.ts'
import type { LockedDependency } from '../../model/recipe-parts/dependency.ts'
import type { Context } from '../context.ts'
import { fetchFirst } from './fetch.ts'
import { concurrency, type DependencyChoice } from './host.ts'

/** The packages that a project of PHP runs with, fetched, each with its place. */
export async function chooseComposer(
  { request, text, manifestText = '' }: DependencyChoice,
  context: Context,
): Promise<readonly LockedDependency[]> {
  const lockFile = request.lockFile.source
  const { packages } = readComposerLock(text, lockFile)
  const { vendor } = readComposerProject(manifestText, request.manifest?.source ?? '')
  tellPlugins(packages, context)
  const chosen = await mapLimit(packages, concurrency, async (each): Promise<LockedDependency[]> => {
    const { name, version, archive } = each
    if (archive === undefined) return []
    const what = `the package ${name} ${version}`
    const { url, digest, size } = await fetchArchive(addresses(each, context), archive.sha1, {
      context,
      what,
    })
    const place = `${vendor}/${name}`
    const file = archiveName(each)
    return [{ kind: 'composer', lockFile, name, version, place, file, url, digest, size }]
  })
  return chosen.flat()
}

/** At the first mirror alone; else where the lock prefers it, and at its own address. Throws `bad-usage`. */
function addresses(each: ComposerPackage, { mirrors }: Pick<Context, 'mirrors'>): readonly string[] {
  const [mirror] = mirrors['composer'] ?? []
  if (mirror === undefined) return [...(each.archive?.preferred ?? []), each.archive?.url ?? '']
  if (!mirror.includes('%package%'))
    throw new TemperError(
      'bad-usage',
      `mirrors.composer: expected an address with %package% in it, found ${JSON.stringify(redactUrl(mirror))}`,
      {
        hint: 'Composer has no layout of its own for mirrors: "https://mirror.example/%package%/%version%/%reference%.%type%" says where yours has an archive.',
      },
    )
  return [mirroredArchive(each, mirror)]
}

/** From the first address that has it. Where it is, a wrong digest is an error. */
async function fetchArchive(
  urls: readonly string[],
  sha1: string | undefined,
  about: { readonly context: Context; readonly what: string },
): Promise<{ readonly url: string; readonly digest: Digest; readonly size: number }> {
  const [url = '', ...others] = urls
  try {
    return { url, ...(await fetchFirst(url, sha1, about)) }
  } catch (error) {
    const isElsewhere = error instanceof TemperError && error.code !== 'digest-mismatch'
    if (others.length === 0 || !isElsewhere || about.context.signal.aborted) throw error
    return await fetchArchive(others, sha1, about)
  }
}

function tellPlugins(packages: readonly ComposerPackage[], { progress }: Pick<Context, 'progress'>): void {
  for (const { name, version, entry } of packages)
    if (textOf(entry['type']) === 'composer-plugin')
      progress.warn(
        `${name} ${version} is a plug-in of Composer, which is not run: build in a step what it would make`,
      )
}
