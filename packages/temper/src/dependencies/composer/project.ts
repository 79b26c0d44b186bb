import { posix } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { type JsonObject, objectOf, textOf } from '../../base/json/value.ts'
import { readLockJson } from '../lock-json.ts'

/** The project that a lock file belongs to, as its composer.json has it. */
export interface ComposerProject {
  readonly name: string
  readonly type: string
  readonly version?: string
  /** All of composer.json. */
  readonly entry: JsonObject
  /** Folders below that of the project: "vendor" and "vendor/bin". */
  readonly vendor: string
  readonly programs: string
  /** Name that its loader ends in, instead of the lock's digest. */
  readonly suffix?: string
  readonly platformCheck: 'php-only' | 'all' | 'none'
  /** Classes of packages are listed with their files. */
  readonly optimise: boolean
  /** Its loader comes before others. */
  readonly prepend: boolean
  readonly useIncludePath: boolean
}

/** Reads composer.json. Throws `bad-recipe`. */
export function readComposerProject(text: string, file: string): ComposerProject {
  const entry = readLockJson(text, file)
  const config = objectOf(entry['config']) ?? {}
  const vendor = folderOf(config['vendor-dir'] ?? 'vendor', `${file}: config.vendor-dir`)
  const programs = folderOf(
    textOf(config['bin-dir'])?.replace(/^\{\$vendor-dir\}/, vendor) ?? `${vendor}/bin`,
    `${file}: config.bin-dir`,
  )
  const suffix = textOf(config['autoloader-suffix'])
  if (suffix !== undefined && !/^\w{1,100}$/.test(suffix))
    throw new TemperError(
      'bad-recipe',
      `${file}: config.autoloader-suffix: expected letters and digits, found something else`,
    )
  const version = textOf(entry['version'])
  const check = config['platform-check']
  return {
    name: textOf(entry['name'])?.toLowerCase() ?? '__root__',
    type: textOf(entry['type']) ?? 'library',
    ...(version === undefined ? {} : { version }),
    entry,
    vendor,
    programs,
    ...(suffix === undefined ? {} : { suffix }),
    platformCheck: check === false ? 'none' : check === true ? 'all' : 'php-only',
    optimise: config['optimize-autoloader'] === true || config['classmap-authoritative'] === true,
    prepend: config['prepend-autoloader'] !== false,
    useIncludePath: config['use-include-path'] === true,
  }
}

function folderOf(value: unknown, where: string): string {
  const path = posix.normalize(textOf(value) ?? '').replace(/\/$/, '')
  if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(path) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) return path
  throw new TemperError(
    'bad-recipe',
    `${where}: expected a folder below that of composer.json, found ${JSON.stringify(String(value).slice(0, 200))}`,
  )
}
