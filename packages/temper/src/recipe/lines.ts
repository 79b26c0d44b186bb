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

/** Where what a recipe says stands in its texts. */
export class RecipeLines {
  readonly #document: RecipeDocument

  constructor(document: RecipeDocument) {
    this.#document = document
  }

  /** The entry that puts a file at an absolute path, or the nearest folder that it is in. */
  file(path: string): { readonly source: SourceLine; readonly exact: boolean } | undefined {
    const entries = fileLists.flatMap((list) =>
      this.#entries(list).flatMap((entry, i) => {
        const at = textIn(entry, 'path')
        return at === undefined || textIn(entry, 'type') === 'delete' ? [] : [{ at, key: [...list, i] }]
      }),
    )
    const around = entries.filter(({ at }) => at === path || path.startsWith(`${at.replace(/\/+$/, '')}/`))
    const nearest = around.sort((a, b) => b.at.length - a.at.length)[0]
    return nearest && { source: this.#line(nearest.key), exact: nearest.at === path }
  }

  /** The request for a package. */
  package(name: string): SourceLine | undefined {
    const list = ['contents', 'packages']
    const at = this.#entries(list).findIndex(
      (entry) => typeof entry === 'string' && /^[^\s=<>~@]+/.exec(entry)?.[0] === name,
    )
    return at < 0 ? undefined : this.#line([...list, at])
  }

  /** The exception that lets a violation of a hardening rule pass. */
  relaxation(rule: string, path: string | undefined): SourceLine | undefined {
    const list = ['hardening', 'allow']
    const entries = this.#entries(list).map((entry) => {
      const at = textIn(entry, 'path')
      return { rule: textIn(entry, 'rule') ?? '', why: '', ...(at === undefined ? {} : { path: at }) }
    }) as readonly Relaxation[]
    const found = findRelaxation(entries, rule, path)
    return found === undefined ? undefined : this.#line([...list, entries.indexOf(found)])
  }

  /** Where a setting stands, or the key that has to be added; undefined: recipes have no such thing. */
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

/** Reads where everything stands. Throws `bad-recipe` and `limit-exceeded` for what is no recipe at all. */
export function recipeLines(text: string, options: ParseOptions): RecipeLines {
  return new RecipeLines(readPlaces(text, options))
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
