import { TemperError } from '../../base/error.ts'
import type { Architecture } from '../../model/platform.ts'

/** A gem that a lock file has for a machine. */
export interface LockedGem {
  readonly name: string
  readonly version: string
  /** "x86_64-linux-gnu" of a gem that holds programs for one machine; absent: for all. */
  readonly platform?: string
  /** "sha256:<hex>". */
  readonly hashes: readonly string[]
  /** Where the lock file has it from, with a slash at the end. */
  readonly source: string
  readonly where: string
}

/** The machine that gems are for. */
export interface GemEnvironment {
  readonly architecture: Architecture
  readonly libc: 'glibc' | 'musl'
}

/** Gems and platforms of one lock. */
const most = 20_000

const line = {
  gem: /^ {4}([A-Za-z0-9][\w.-]{0,199}) \(([0-9][0-9A-Za-z.]{0,99})(?:-([\w.-]{1,100}))?\)\s*$/,
  remote: /^ {2}remote: (https?:\/\/\S+)\s*$/,
  checksum: /^ {2}([A-Za-z0-9][\w.-]*) \((\S+)\)(?: (\S+))?\s*$/,
}

/**
 * Gemfile.lock of Bundler 2.6 and later: the gems of all groups, of each the one that fits the machine best. Throws `bad-recipe`
 * for gems from repositories and folders, and for gems without a digest.
 */
export function readGemfileLock(
  text: string,
  environment: GemEnvironment,
  file: string,
): readonly LockedGem[] {
  const gems = new Map<string, Omit<LockedGem, 'hashes'>[]>()
  const checksums = new Map<string, readonly string[]>()
  let [section, source, count] = ['', '', 0]
  for (const [i, each] of text.split(/\r?\n/).entries()) {
    const where = `${file}:${i + 1}`
    if (/^[A-Z]/.test(each)) section = each.trim()
    else if (section === 'GIT' || section === 'PATH' || section === 'PLUGIN SOURCE') {
      const [, name] = line.gem.exec(each) ?? []
      if (name !== undefined) throw unverified(where, name, section)
    } else if (section === 'GEM') {
      source = line.remote.exec(each)?.[1]?.replace(/\/*$/, '/') ?? source
      const [, name, version = '', platform] = line.gem.exec(each) ?? []
      if (name === undefined) continue
      if (++count > most) throw new TemperError('limit-exceeded', `${file}: it has more than ${most} gems`)
      const gem = { name, version, ...(platform === undefined ? {} : { platform }), source, where }
      gems.set(name, [...(gems.get(name) ?? []), gem])
    } else if (section === 'CHECKSUMS') {
      const [, name, version, hashes = ''] = line.checksum.exec(each) ?? []
      if (name !== undefined) checksums.set(`${name} ${version}`, hashesOf(hashes))
    }
  }
  if (gems.size === 0)
    throw new TemperError('bad-recipe', `${file}: expected a lock file of Bundler with gems, found none`)
  return [...gems.values()].map((all) => {
    const gem = best(all, environment)
    const hashes = checksums.get(`${gem.name} ${fullVersion(gem)}`) ?? []
    if (hashes.length > 0) return { ...gem, hashes }
    throw new TemperError(
      'bad-recipe',
      `${gem.where}: ${gem.name} ${fullVersion(gem)} has no SHA-256 under CHECKSUMS`,
      {
        hint: 'Bundler 2.6 and later writes them: bundle lock with the option for checksums.',
      },
    )
  })
}

function hashesOf(text: string): readonly string[] {
  return text.split(',').flatMap((each) => {
    const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(each) ?? []
    return hex === undefined ? [] : [`sha256:${hex}`]
  })
}

function unverified(where: string, name: string, section: string): TemperError {
  const from = section === 'GIT' ? 'a repository' : section === 'PATH' ? 'a folder' : 'a plug-in'
  return new TemperError(
    'bad-recipe',
    `${where}: ${name} comes from ${from}, which no digest says anything about`,
    {
      hint: 'Your own files are added under contents.files; a gem of a repository is built in a step.',
    },
  )
}

/** "1.16.0-x86_64-linux-gnu". */
export function fullVersion({ version, platform }: Pick<LockedGem, 'version' | 'platform'>): string {
  return platform === undefined ? version : `${version}-${platform}`
}

const machines: Readonly<Record<Architecture, RegExp>> = {
  amd64: /^(?:x86_64|x64)$/,
  arm64: /^(?:aarch64|arm64)$/,
}

/** One for the machine and its C library before one for the machine, and this before one for all. */
function best<Gem extends Omit<LockedGem, 'hashes'>>(gems: readonly Gem[], environment: GemEnvironment): Gem {
  const ranked = gems
    .map((gem) => ({ gem, rank: rankOf(gem.platform, environment) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
  const [first] = ranked
  if (first !== undefined) return first.gem
  const [gem] = gems
  const platforms = gems.map(({ platform }) => platform).join(', ')
  throw new TemperError(
    'bad-recipe',
    `${gem?.where}: ${gem?.name} is for other machines, expected one for ${environment.architecture} or for all, found ${platforms}`,
    { hint: 'bundle lock with the platform, or ruby, adds it.' },
  )
}

function rankOf(platform: string | undefined, { architecture, libc }: GemEnvironment): number {
  if (platform === undefined || platform === 'ruby') return 1
  const [machine = '', system = '', own] = platform.split('-')
  if (!machines[architecture].test(machine) || system !== 'linux') return 0
  if (own === undefined) return libc === 'glibc' ? 2 : 0
  return own === (libc === 'glibc' ? 'gnu' : 'musl') ? 3 : 0
}
