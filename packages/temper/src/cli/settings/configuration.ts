import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { MirrorConfiguration, SigstoreSettings } from '../../flows/context.ts'
import type { FeedConfiguration } from '../../flows/feeds/configuration.ts'
import { feedConfiguration } from './feed-settings.ts'
import {
  expectation,
  knownSettings,
  mirrored,
  settingGroups,
  unknownSetting,
  validSetting,
} from './known-settings.ts'

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
  /** Options, by "quiet" or "scan.fail-on". */
  readonly options: ReadonlyMap<string, FileSetting>
  /** All other settings as they are written, by their full names, and their lines. */
  readonly values: ReadonlyMap<string, unknown>
  readonly lines: ReadonlyMap<string, number>
}

/** An option as the configuration file has it. */
export interface FileSetting {
  readonly value: unknown
  readonly line: number
}

const empty: Configuration = {
  mirrors: {},
  insecureRegistries: [],
  sigstore: {},
  options: new Map(),
  values: new Map(),
  lines: new Map(),
}
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

  const collected: CollectedSettings = { settings: new Map(), options: new Map(), lines: new Map() }
  const entries = (map: unknown, prefix: string) => {
    if (isMap(map))
      return map.items.map((pair) => ({ name: isScalar(pair.key) ? String(pair.key.value) : '?', pair }))
    throw problem(path, lineOf(map), `${prefix}: expected settings as "name: value"`)
  }
  const plain = (node: unknown) => document.createNode(node).toJS(document)
  const collect = (map: unknown, prefix: string) => {
    for (const { name: own, pair } of entries(map, prefix)) {
      const name = prefix === '' ? own : `${prefix}.${own}`
      if (settingGroups.has(name)) collect(pair.value, name)
      else if (name === 'options') collectOptions(pair.value, '')
      else if (!knownSettings.has(name)) throw problem(path, lineOf(pair.key), unknownSetting(name))
      else {
        const value = validSetting(name, plain(pair.value))
        if (value === undefined) throw problem(path, lineOf(pair.value), expectation(name))
        collected.settings.set(name, value)
        collected.lines.set(name, lineOf(pair.key))
      }
    }
  }
  const collectOptions = (map: unknown, command: string) => {
    for (const { name, pair } of entries(map, `options${command}`))
      if (command === '' && isMap(pair.value)) collectOptions(pair.value, `.${name}`)
      else
        collected.options.set(`${command.slice(1)}${command === '' ? '' : '.'}${name}`, {
          value: plain(pair.value),
          line: lineOf(pair.key),
        })
  }
  collect(document.contents, '')
  return assemble(collected, path)
}

interface CollectedSettings {
  readonly settings: Map<string, unknown>
  readonly options: Map<string, FileSetting>
  readonly lines: Map<string, number>
}

function assemble({ settings, options, lines }: CollectedSettings, path: string): Configuration {
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
    options,
    values: settings,
    lines,
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

/** An error in a line of the file. */
export function problem(path: string, line: number, what: string): TemperError {
  return new TemperError('bad-configuration', `${path}:${line}: ${what}`)
}
