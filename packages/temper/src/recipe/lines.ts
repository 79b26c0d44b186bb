import type { NamedSetting, Setting } from '../model/assess/setting.ts'
import type { SourceLine } from '../model/assess/source-line.ts'
import { findRelaxation } from '../model/hardening/relaxation.ts'
import type { Relaxation } from '../model/recipe.ts'
import type { RecipeDocument } from './document/document.ts'
import { formatPath, type RecipePath } from './document/problem.ts'
import { type ParseOptions, readPlaces } from './read.ts'

type Values = Readonly<Record<string, unknown>>

/** Keys that say what other programs' configuration calls a setting. Recipes have none for what is not here. */
const settingKeys: Readonly<Partial<Record<Setting, RecipePath>>> = {
  user: ['accounts', 'run-as'],
  entrypoint: ['entrypoint'],
  cmd: ['cmd'],
  environment: ['environment'],
  port: ['ports'],
  volume: ['volumes'],
  'stop-signal': ['stop-signal'],
  'working-directory': ['work-dir'],
  label: ['annotations'],
  base: ['distribution'],
}

/** Lists whose entries put files at their `path`. */
const fileLists: readonly RecipePath[] = [['paths'], ['contents', 'files']]

const allowed: RecipePath = ['hardening', 'allow']

/** Finds the lines of a recipe's texts that say something. */
export class RecipeLines {
  readonly #document: RecipeDocument
  /** The entry that puts each file or folder, by absolute path in the image. */
  readonly #files = new Map<string, RecipePath>()
  readonly #packages = new Map<string, RecipePath>()
  /** Relaxations in the form in which they are compared, made once since there are many findings. */
  readonly #allow: readonly Relaxation[]

  constructor(document: RecipeDocument) {
    this.#document = document
    for (const list of fileLists)
      this.#entries(list).forEach((entry, i) => {
        const at = textIn(entry, 'path')
        if (at !== undefined && textIn(entry, 'type') !== 'delete') this.#files.set(trimmed(at), [...list, i])
      })
    const packages = ['contents', 'packages']
    this.#entries(packages).forEach((entry, i) => {
      const name = typeof entry === 'string' ? /^[^\s=<>~@]+/.exec(entry)?.[0] : undefined
      if (name !== undefined) this.#packages.set(name, [...packages, i])
    })
    this.#allow = this.#entries(allowed).map((entry) => {
      const at = textIn(entry, 'path')
      return { rule: textIn(entry, 'rule') ?? '', why: '', ...(at === undefined ? {} : { path: at }) }
    }) as readonly Relaxation[]
  }

  /** The entry that puts a file at an absolute path, or the nearest folder that it is in. */
  file(path: string): { readonly source: SourceLine; readonly exact: boolean } | undefined {
    for (let at = trimmed(path); at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const key = this.#files.get(at)
      if (key !== undefined) return { source: this.#line(key), exact: at === trimmed(path) }
    }
    return undefined
  }

  /** The request for a package. */
  package(name: string): SourceLine | undefined {
    const key = this.#packages.get(name)
    return key === undefined ? undefined : this.#line(key)
  }

  /** The exception that lets a violation of a hardening rule pass. */
  relaxation(rule: string, path: string | undefined): SourceLine | undefined {
    const relaxation = findRelaxation(this.#allow, rule, path)
    return relaxation === undefined ? undefined : this.#line([...allowed, this.#allow.indexOf(relaxation)])
  }

  /** Where a setting is, or the key that has to be added; undefined when recipes have no such setting. */
  setting({ setting, name }: NamedSetting): SourceLine | undefined {
    const key = settingKeys[setting]
    if (key === undefined) return undefined
    if (name === undefined) return this.#lineOrNew(key)
    const keys = setting === 'label' ? [key, ['labels']] : [key]
    for (const each of keys) {
      const value = this.#value(each)
      if (isMapping(value) && Object.hasOwn(value, name)) return this.#line([...each, name])
      const at = Array.isArray(value) ? value.findIndex((entry) => names(entry, name)) : -1
      if (at >= 0) return this.#line([...each, at])
    }
    // What it does not set comes from a package or from Temper itself: it can still be set to something else.
    return setting === 'environment' || setting === 'label' ? this.#lineOrNew([...key, name]) : undefined
  }

  #lineOrNew(key: RecipePath): SourceLine {
    if (this.#value(key) !== undefined) return this.#line(key)
    const parent = key.slice(0, -1)
    const around = parent.length > 0 && this.#value(parent) !== undefined ? this.#line(parent) : undefined
    const file = around?.file ?? this.#document.placeOf([]).problems.file
    return {
      file,
      ...(around?.line === undefined ? {} : { line: around.line }),
      key: formatPath(key),
      change: 'add',
    }
  }

  #line(key: RecipePath): SourceLine {
    const last = key.at(-1)
    const place = typeof last === 'string' ? this.#document.keyPlaceOf(key) : this.#document.placeOf(key)
    const { problems, offset, path } = place
    return { file: problems.file, line: problems.lineAt(offset), key: formatPath(path), change: 'change' }
  }

  #value(path: RecipePath): unknown {
    let value: unknown = this.#document.value
    for (const part of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
      value = (value as Readonly<Record<PropertyKey, unknown>>)[part]
    }
    return value
  }

  #entries(path: RecipePath): readonly unknown[] {
    const value = this.#value(path)
    return Array.isArray(value) ? value : []
  }
}

/** Reads where everything is. Throws `bad-recipe` and `limit-exceeded` for what is not a recipe at all. */
export function recipeLines(text: string, options: ParseOptions): RecipeLines {
  return new RecipeLines(readPlaces(text, options))
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '')
}

/** Ports may be numbers, or texts with a protocol. */
function names(entry: unknown, name: string): boolean {
  const text = String(entry)
  return text === name || `${text}/tcp` === name || text === `${name}/tcp`
}

function isMapping(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textIn(entry: unknown, key: string): string | undefined {
  const value = isMapping(entry) && Object.hasOwn(entry, key) ? entry[key] : undefined
  return typeof value === 'string' ? value : undefined
}
