import { closest } from '../../base/suggestion.ts'
import { messageFolders } from '../../model/locale.ts'
import { type Platform, parsePlatform } from '../../model/platform.ts'
import { distributions, type InheritedSetting, type Recipe, type Relaxation } from '../../model/recipe.ts'
import { type RecipePath, type Report, show } from '../document/problem.ts'
import type { RecipeInput } from '../schema/schema.ts'
import { normaliseAccounts } from './accounts.ts'
import { normaliseContents } from './contents.ts'
import { normaliseDependencies } from './dependencies.ts'
import { normalisePaths } from './paths.ts'
import { readPlatforms } from './platforms.ts'
import { normaliseSteps } from './steps.ts'
import { normaliseTest } from './tests.ts'
import { texts, words } from './text.ts'

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Fills in defaults, brings spellings into one form and checks what a schema cannot express. `fallbackName` is used
 * when the recipe does not name its image. The result is meaningless once `report` was called.
 */
export function normalise(input: RecipeInput, fallbackName: string, report: Report): Recipe {
  const { contents, files } = normaliseContents(input.contents ?? {}, varTexts(input.vars), report)
  const paths = normalisePaths(input.paths ?? [], report)
  const locales = localesOf(input.locales, { packages: contents.packages, paths }, report)
  const recipe: Recipe = {
    ...names(input, fallbackName, report),
    ...(input.line === undefined ? {} : { line: String(input.line) }),
    ...variantOf(input),
    distribution: input.distribution ?? distributions[0],
    platforms: platforms(input, report),
    ...baseOf(input),
    ...debugOf(input, report),
    contents: { ...contents, files },
    ...normaliseDependencies(input.dependencies, report),
    ...normaliseSteps(input.steps, report),
    accounts: normaliseAccounts(input.accounts ?? {}, input.hardening?.allow ?? [], report),
    ...(locales.length === 0 ? {} : { locales }),
    ...(input.fips === true ? { fips: true } : {}),
    ...minimizeOf(input.minimize, report),
    // A base has a PATH of its own.
    environment: {
      ...(input.base === undefined ? { PATH: defaultPath } : {}),
      ...texts(input.environment, ['environment'], report),
    },
    entrypoint: words(entrypointOf(input.entrypoint), ['entrypoint'], report),
    cmd: words(input.cmd, ['cmd'], report),
    workDir: input['work-dir'] ?? '/',
    stopSignal: stopSignal(input['stop-signal'], report),
    volumes: unique(input.volumes ?? [], ['volumes'], report),
    ports: unique(
      (input.ports ?? []).map((port, i) => normalisePort(port, ['ports', i], report)),
      ['ports'],
      report,
    ),
    paths,
    annotations: notes(input.annotations, 'annotations', report),
    labels: notes(input.labels, 'labels', report),
    osRelease: osRelease(input['os-release'], report),
    tags: tags(input, report),
    dates: dates(input.dates, report),
    hardening: {
      allow: [
        ...(input.hardening?.allow ?? []).map(({ rule, path, why }) =>
          path === undefined ? { rule, why } : { rule, path, why },
        ),
        ...messagesOf(locales),
      ],
    },
    output: {
      compression: input.output?.compression ?? 'gzip',
      mediaTypes: input.output?.['media-types'] ?? 'oci',
      layers: input.output?.layers ?? 10,
      ...(input.output?.level === undefined ? {} : { level: input.output.level }),
      ...(input.output?.lazy === true ? { lazy: true as const } : {}),
    },
    tests: (input.tests ?? []).map((test, i) => normaliseTest(test, ['tests', i], report)),
  }
  if (recipe.output.compression === 'zstd' && recipe.output.level !== undefined)
    report(['output', 'level'], 'is for gzip: leave out compression or level')
  if (recipe.output.compression === 'zstd' && recipe.output.lazy === true)
    report(['output', 'lazy'], 'the table is for gzip: leave out compression')
  if (recipe.output.compression === 'zstd' && recipe.output.mediaTypes === 'docker')
    report(['output', 'compression'], 'Docker media types have no zstd: use gzip, or media-types: oci')
  return recipe
}

function debugOf({ debug, base, output }: RecipeInput, report: Report): Pick<Recipe, 'debug'> {
  if (debug === undefined) return {}
  if (base === undefined) report(['debug'], 'says which image it accompanies: name the image under base')
  if (!isDay(debug.expires)) report(['debug', 'expires'], `there is no day ${show(debug.expires)}`)
  if (output?.['media-types'] === 'docker')
    report(['output', 'media-types'], 'a manifest of Docker has no place for the day: use oci')
  return { debug: { expires: debug.expires } }
}

/** Globs are whole paths: one that begins elsewhere would keep nothing. */
function minimizeOf(minimize: RecipeInput['minimize'], report: Report): Pick<Recipe, 'minimize'> {
  if (minimize === undefined || minimize === false) return {}
  const keep = minimize === true ? [] : minimize.keep
  for (const [i, pattern] of keep.entries())
    if (!pattern.startsWith('/'))
      report(['minimize', 'keep', i], `expected a path like "/usr/bin/psql", found ${show(pattern)}`)
  return { minimize: { keep } }
}

function baseOf(input: RecipeInput): Pick<Recipe, 'base'> {
  if (input.base === undefined) return {}
  const inherits: InheritedSetting[] = []
  if (input.accounts?.['run-as'] === undefined) inherits.push('run-as')
  if (input['work-dir'] === undefined) inherits.push('work-dir')
  if (input['stop-signal'] === undefined) inherits.push('stop-signal')
  return { base: { image: input.base, inherits } }
}

/** Those that the recipe names, and those that the package locales would make as its file says (locale.gen(5)). */
function localesOf(
  names: RecipeInput['locales'],
  made: Pick<Recipe['contents'], 'packages'> & Pick<Recipe, 'paths'>,
  report: Report,
): readonly string[] {
  const asked = unique(names ?? [], ['locales'], report)
  const makes = made.packages.some(({ name, excluded }) => name === 'locales' && !excluded)
  const listed = makes ? made.paths.flatMap(listedLocales) : []
  return [...new Set([...asked, ...listed])]
}

function listedLocales(file: Recipe['paths'][number]): readonly string[] {
  if (file.type !== 'file' || file.path !== '/etc/locale.gen' || !('content' in file)) return []
  return file.content.split('\n').flatMap((line) => /^\s*([^\s#]+)\s+\S+\s*$/.exec(line)?.[1] ?? [])
}

/** Whoever asks for a locale wants to read what programs say in its language. */
function messagesOf(locales: readonly string[]): Relaxation[] {
  const folders = new Map(locales.flatMap((name) => messageFolders(name).map((folder) => [folder, name])))
  return [...folders].map(([folder, name]) => ({
    rule: 'locales',
    path: `/usr/share/locale/${folder}/**`,
    implied: true,
    why: `the recipe asks for the locale ${name}`,
  }))
}

/** Values of vars that were written out already. */
function varTexts(vars: RecipeInput['vars']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(vars ?? {}).map(([name, value]) => [name, String(value)]))
}

const namePattern = /^[a-z0-9]+([._-]+[a-z0-9]+)*$/

function names(
  input: RecipeInput,
  fallback: string,
  report: Report,
): Pick<Recipe, 'name' | 'title' | 'image'> {
  const last = input.image?.split('/').at(-1)
  const name = last ?? (input.name !== undefined && namePattern.test(input.name) ? input.name : fallback)
  if (!namePattern.test(name) || name.length > 128)
    report(
      [last === undefined ? 'name' : 'image'],
      `expected an image name in lower case like "nginx", found ${show(name)}`,
    )
  return {
    name,
    ...(input.name === undefined || input.name === name ? {} : { title: input.name }),
    ...(input.image === undefined || input.image === name ? {} : { image: input.image }),
  }
}

function platforms(input: RecipeInput, report: Report): Platform[] {
  if (input.platforms !== undefined && input.archs !== undefined)
    report(['archs'], '"platforms" and "archs" mean the same: keep one of the two')
  const key = input.platforms === undefined ? 'archs' : 'platforms'
  return readPlatforms(input.platforms ?? input.archs ?? ['linux/amd64'], [key], report).map(parsePlatform)
}

function entrypointOf(value: RecipeInput['entrypoint']): RecipeInput['cmd'] {
  return typeof value === 'object' && 'command' in value ? value.command : value
}

function normalisePort(port: string | number, path: RecipePath, report: Report): string {
  const [number = '', protocol = 'tcp'] = String(port).split('/')
  const value = Number(number)
  if (value < 1 || value > 65535) report(path, `expected a port from 1 to 65535, found ${value}`)
  return `${value}/${protocol}`
}

function unique(values: readonly string[], path: RecipePath, report: Report): readonly string[] {
  for (const [i, value] of values.entries())
    if (values.indexOf(value) < i) report([...path, i], `${show(value)} is there twice`)
  return values
}

const signals = [
  ...['HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'PIPE'],
  ...['ALRM', 'TERM', 'STKFLT', 'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ'],
  ...['VTALRM', 'PROF', 'WINCH', 'IO', 'PWR', 'SYS'],
].map((name) => `SIG${name}`)

/** As signal(7) names them; real-time signals as SIGRTMIN+n. Numbers 1 to 64 are kept. */
function stopSignal(value: string | undefined, report: Report): string {
  if (value === undefined) return 'SIGTERM'
  if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 64) return value
  const name = value.startsWith('SIG') ? value : `SIG${value}`
  if (signals.includes(name) || /^SIGRTM(IN(\+\d{1,2})?|AX(-\d{1,2})?)$/.test(name)) return name
  const near = closest(name, signals)
  report(
    ['stop-signal'],
    `there is no signal "${value}"${near === undefined ? '' : `: did you mean "${near}"?`}`,
  )
  return name
}

/** Annotations or labels. What Temper says of an image is not the recipe's to say. */
function notes(values: RecipeInput['labels'], key: string, report: Report): Record<string, string> {
  const result = texts(values, [key], report)
  for (const name of Object.keys(result))
    if (name.startsWith('io.temper.'))
      report([key, name], 'names that begin with "io.temper." are set by Temper')
  return result
}

/** Field names as in os-release(5): upper case with underscores. */
function osRelease(values: RecipeInput['os-release'], report: Report): Record<string, string> {
  const result: Record<string, string> = {}
  for (const [name, text] of Object.entries(texts(values, ['os-release'], report))) {
    const field = name.toUpperCase().replaceAll('-', '_')
    if (/[\n\r]/.test(text)) report(['os-release', name], 'is one line')
    if (Object.hasOwn(result, field)) report(['os-release', name], `${field} is there twice`)
    result[field] = text
  }
  return result
}

function variantOf({ variant = 'runtime' }: RecipeInput): Pick<Recipe, 'variant'> {
  return variant === 'runtime' ? {} : { variant }
}

function tags(input: RecipeInput, report: Report): readonly string[] {
  const { variant } = variantOf(input)
  const list = (input.tags ?? defaultTags(input)).map(String)
  for (const [i, tag] of list.entries())
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag))
      report(['tags', i], `expected a tag like "1.26", found ${show(tag)}`)
  return unique(variant === undefined ? list : list.map((tag) => withEnd(tag, variant)), ['tags'], report)
}

/** Those of other lines say their tags, in a recipe that is written out too. */
function defaultTags({ line }: RecipeInput): readonly string[] {
  return line === undefined ? [] : ['latest', String(line)]
}

/** What is read again has its end already. */
function withEnd(tag: string, variant: string): string {
  return tag.endsWith(`-${variant}`) || tag === variant ? tag : `${tag}-${variant}`
}

function dates(input: RecipeInput['dates'], report: Report): Recipe['dates'] {
  const check = (key: 'release' | 'end-of-life') => {
    const day = input?.[key]
    if (day !== undefined && !isDay(day)) report(['dates', key], `there is no day ${show(day)}`)
    return day
  }
  const released = check('release')
  const endOfLife = check('end-of-life')
  return {
    ...(released === undefined ? {} : { released }),
    ...(endOfLife === undefined ? {} : { endOfLife }),
  }
}

function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return days !== undefined && day >= 1 && day <= days
}
