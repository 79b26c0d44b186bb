import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { TemperError } from '../base/error.ts'
import { fileError } from '../base/file.ts'
import type { MirrorConfiguration, SigstoreSettings } from '../flows/context.ts'
import type { FeedConfiguration } from '../flows/feeds/configuration.ts'
import { feedConfiguration, feedSettings } from './options/feed-settings.ts'

/** What the configuration file may say; docs/reference/configuration.md. */
export interface Configuration {
  readonly mirrors: MirrorConfiguration
  /** Absolute path. */
  readonly netrc?: string
  readonly insecureRegistries: readonly string[]
  /** Absolute path of the trust file. */
  readonly trust?: string
  readonly sigstore: Omit<SigstoreSettings, 'trustedRoot'> & {
    /** Absolute path of a trusted root. */
    readonly trustedRoot?: string
  }
  readonly feeds?: FeedConfiguration
}

const empty: Configuration = {
  mirrors: {},
  insecureRegistries: [],
  sigstore: {},
}
/** Repositories that have settings for mirrors. */
const mirrored = ['debian', 'debian-security'] as const

const largest = 1_000_000

/** Reads the configuration file; none is fine unless it was asked for by name. */
export async function readConfiguration(
  path: string,
  options: { readonly required: boolean },
): Promise<Configuration> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (missing && !options.required) return empty
    if (missing) throw new TemperError('bad-configuration', `There is no configuration file at ${path}`)
    throw fileError('read', path, error)
  }
  if (text.length > largest) throw problem(path, 1, `larger than ${largest} bytes`)
  return parseConfiguration(text, path)
}

/** Parses configuration text. Errors name file and line. */
export async function parseConfiguration(text: string, path: string): Promise<Configuration> {
  const { isMap, isScalar, LineCounter, parseDocument } = await import('yaml')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const lineOf = (node: unknown): number => {
    const range = node && typeof node === 'object' && 'range' in node ? node.range : undefined
    const start: unknown = Array.isArray(range) ? range[0] : 0
    return lines.linePos(typeof start === 'number' ? start : 0).line
  }
  const first = document.errors[0]
  if (first) throw problem(path, lines.linePos(first.pos[0]).line, first.message.split('\n')[0] ?? '')
  if (document.contents === null) return empty
  if (!isMap(document.contents)) throw problem(path, 1, 'expected settings as "name: value"')

  const settings = new Map<string, unknown>()
  const collect = (map: unknown, prefix: string) => {
    if (!isMap(map))
      throw problem(path, lineOf(map), `${prefix.slice(0, -1)}: expected settings as "name: value"`)
    for (const pair of map.items) {
      const name = prefix + (isScalar(pair.key) ? String(pair.key.value) : '?')
      if (name === 'mirrors' || name === 'sigstore' || name === 'feeds') collect(pair.value, `${name}.`)
      else if (!known.has(name)) throw problem(path, lineOf(pair.key), unknownSetting(name))
      else
        settings.set(
          name,
          checked(name, document.createNode(pair.value).toJS(document), () =>
            problem(path, lineOf(pair.value), expectation(name)),
          ),
        )
    }
  }
  collect(document.contents, '')
  return assemble(settings, path)
}

const known = new Map<string, 'path' | 'address' | 'addresses' | 'hosts' | 'feed'>([
  ['mirrors.debian', 'addresses'],
  ['mirrors.debian-security', 'addresses'],
  ['netrc', 'path'],
  ['insecure-registries', 'hosts'],
  ...Array.from(feedSettings.keys(), (name) => [name, 'feed'] as const),
  ['trust', 'path'],
  ['sigstore.fulcio', 'address'],
  ['sigstore.rekor', 'address'],
  ['sigstore.tsa', 'address'],
  ['sigstore.trusted-root', 'path'],
  ['sigstore.tuf-mirror', 'address'],
  ['sigstore.tuf-root', 'path'],
])

function unknownSetting(name: string): string {
  return `unknown setting "${name}"; known are ${[...known.keys()].join(', ')}`
}

function expectation(name: string): string {
  const kind = known.get(name)
  if (kind === 'path') return `${name}: expected the path of a file`
  if (kind === 'feed') return `${name}: expected ${feedSettings.get(name)?.expected ?? ''}`
  if (kind === 'address') return `${name}: expected an http(s) address`
  return kind === 'addresses'
    ? `${name}: expected an http(s) address or a list of them`
    : `${name}: expected a list of hosts such as registry.local:5000`
}

function checked(name: string, value: unknown, error: () => TemperError): unknown {
  const kind = known.get(name)
  if (kind === 'path') {
    if (typeof value === 'string' && value !== '') return value
    throw error()
  }
  if (kind === 'feed') {
    if (feedSettings.get(name)?.valid(value)) return value
    throw error()
  }
  const list: unknown[] = Array.isArray(value) ? value : [value]
  const valid = (item: unknown): boolean => {
    if (typeof item !== 'string') return false
    if (kind === 'hosts') return /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(item)
    return URL.canParse(item) && /^https?:$/.test(new URL(item).protocol)
  }
  if (!list.every(valid) || (kind === 'address' && Array.isArray(value))) throw error()
  return kind === 'address' ? value : list
}

function assemble(settings: ReadonlyMap<string, unknown>, path: string): Configuration {
  const list = (name: string): readonly string[] => {
    const value = settings.get(name)
    return Array.isArray(value) ? value.map(String) : []
  }
  const text = (name: string) => {
    const value = settings.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const file = (name: string) => {
    const value = text(name)
    return value === undefined ? undefined : resolve(dirname(path), value)
  }
  const [netrc, trust] = [file('netrc'), file('trust')]
  return {
    mirrors: Object.fromEntries(mirrored.map((name) => [name, list(`mirrors.${name}`)])),
    insecureRegistries: list('insecure-registries'),
    sigstore: given({
      fulcio: text('sigstore.fulcio'),
      rekor: text('sigstore.rekor'),
      tsa: text('sigstore.tsa'),
      trustedRoot: file('sigstore.trusted-root'),
      tufMirror: text('sigstore.tuf-mirror'),
      tufRoot: file('sigstore.tuf-root'),
    }),
    ...given({ netrc, trust, feeds: feedConfiguration(settings) }),
  }
}

/** The members that have a value. */
function given<T extends object>(members: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> }
}

function problem(path: string, line: number, what: string): TemperError {
  return new TemperError('bad-configuration', `${path}:${line}: ${what}`)
}
