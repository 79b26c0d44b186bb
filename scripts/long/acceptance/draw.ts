import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseStanzas } from '../../../packages/temper/src/formats/deb822.ts'
import { parseList } from './acceptance.ts'

const usage = `usage: draw PACKAGES [--count N] [--seed TEXT] [--without LIST]…
  PACKAGES        an index of packages of Debian (Packages, not compressed)
  --count N       how many names are drawn (60)
  --seed TEXT     the same seed draws the same names of the same index (temper)
  --without LIST  names that are not drawn, one a line; may be given several times`

/** Sections of the archive where servers and what belongs to them are. */
const sections: ReadonlySet<string> = new Set(
  'admin comm database httpd interpreters java javascript mail net news perl php python ruby sound utils web'.split(
    ' ',
  ),
)
/** Beside these packages there are others that work. */
const besides = /-(?:dev|doc|dbgsym|dbg)$/
const server = /(?:^|[^a-z])(?:server|daemon|service)s?(?:$|[^a-z])/

interface Listed {
  readonly name: string
  readonly section: string
  readonly description: string
}

/**
 * Draws packages that nobody has prepared for: of those in sections for servers whose names or short descriptions say
 * server, daemon or service. The order is that of a hash of seed and name, so that a draw can be made again.
 */
export function draw(
  packages: readonly Listed[],
  options: { readonly count: number; readonly seed: string; readonly without: ReadonlySet<string> },
): readonly string[] {
  const { count, seed, without } = options
  const place = (name: string) => createHash('sha256').update(`${seed}:${name}`).digest('hex')
  const names = packages
    .filter(({ name, section }) => sections.has(section) && !besides.test(name) && !without.has(name))
    .filter(({ name, description }) => server.test(`${name} ${description}`.toLowerCase()))
    .map(({ name }) => name)
  return [...new Set(names)]
    .map((name) => [place(name), name] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, count)
    .map(([, name]) => name)
}

/** Prints the names that are drawn, one a line. False when it is asked for in another way. */
export async function drawPackages(words: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '60' },
      seed: { type: 'string', default: 'temper' },
      without: { type: 'string', multiple: true, default: [] },
    },
  })
  const [index] = positionals
  if (index === undefined || positionals.length !== 1 || !/^\d{1,5}$/.test(values.count)) {
    console.error(usage)
    return false
  }
  const read = (path: string) => readFileSync(resolve(process.env['INIT_CWD'] ?? process.cwd(), path), 'utf8')
  const packages = parseStanzas(read(index), { what: index, stanzasLimit: 1_000_000 }).map((stanza) => ({
    name: stanza.get('Package') ?? '',
    section: stanza.get('Section') ?? '',
    description: (stanza.get('Description') ?? '').split('\n')[0] ?? '',
  }))
  const without = new Set(values.without.flatMap((path) => parseList(read(path))))
  for (const name of draw(packages, { count: Number(values.count), seed: values.seed, without }))
    console.log(name)
  return true
}
