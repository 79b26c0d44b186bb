import { mapLimit } from '../../base/concurrency.ts'
import { TemperError } from '../../base/error.ts'
import { bundlerSettings, gemFolder, installGem, settingsName } from '../../dependencies/gem/install.ts'
import { fullVersion, readGemfileLock } from '../../dependencies/gem/lock.ts'
import type {
  DependencyRequest,
  InstalledFile,
  LockedDependency,
} from '../../model/recipe-parts/dependency.ts'
import type { Context } from '../context.ts'
import { fetchHashed } from './fetch.ts'
import { concurrency, type DependencyChoice, type DependencyHost } from './host.ts'

/** The gems that a lock of Bundler has for one platform, fetched. */
export async function chooseGems(
  { request, text, host }: DependencyChoice,
  context: Context,
): Promise<readonly LockedDependency[]> {
  const lockFile = request.lockFile.source
  const has = (pattern: RegExp) => host.packages.some(({ name }) => pattern.test(name))
  const libc = has(/^musl$/) && !has(/^(?:libc6|glibc)$/) ? 'musl' : 'glibc'
  const gems = readGemfileLock(text, { architecture: host.platform.architecture, libc }, lockFile)
  const [mirror] = context.mirrors['gem'] ?? []
  return await mapLimit(gems, concurrency, async (gem) => {
    const { name, version, source, hashes } = gem
    const file = `${name}-${fullVersion(gem)}.gem`
    const url = `${mirror === undefined ? source : mirror.replace(/\/*$/, '/')}gems/${file}`
    const what = `the gem ${name} ${fullVersion(gem)}`
    const { digest, size } = await fetchHashed(url, hashes, { context, what })
    return { kind: 'gem', lockFile, name, version, file, url, digest, size }
  })
}

/** The files of one gem, where Bundler looks for it. */
export async function installedGem(
  bytes: Uint8Array,
  {
    locked,
    into,
    host,
    what,
  }: {
    readonly locked: LockedDependency
    readonly into: string
    readonly host: DependencyHost
    readonly what: string
  },
): Promise<readonly InstalledFile[]> {
  const folder = gemFolder(into, requireRuby(host))
  return await installGem(bytes, { folder, expected: locked.file.replace(/\.gem$/, ''), what })
}

/** What makes Bundler look there. */
export function gemRest({ into = '' }: DependencyRequest): {
  readonly by: string
  readonly files: readonly InstalledFile[]
} {
  return { by: settingsName, files: [bundlerSettings(into)] }
}

/** "3.3" of the image's Ruby; throws `bad-recipe` when it has none. */
function requireRuby({ packages }: DependencyHost): string {
  for (const { name, version } of packages) {
    const own = /^libruby(\d+\.\d+)$/.exec(name)?.[1]
    if (own !== undefined) return own
    const minor = name === 'ruby' ? /^(?:\d+:)?(\d+\.\d+)\.\d+/.exec(version)?.[1] : undefined
    if (minor !== undefined) return minor
  }
  throw new TemperError('bad-recipe', 'dependencies: the image has no Ruby to install gems for', {
    hint: 'Add ruby under contents.packages.',
  })
}
