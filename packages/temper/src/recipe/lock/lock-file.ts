import { TemperError } from '../../base/error.ts'
import { readableJson } from '../../base/json/canonical-json.ts'
import { parseJson } from '../../base/json/parse.ts'
import type {
  Compressor,
  Lock,
  LockedBase,
  LockedPackage,
  LockedPlatform,
  LockedStep,
  LockedSuite,
} from '../../model/lock.ts'
import {
  type DependencyKind,
  dependencyKinds,
  type LockedDependency,
} from '../../model/recipe-parts/dependency.ts'
import type { StepFile } from '../../model/recipe-parts/step.ts'
import { releaseVersion } from '../../model/revision.ts'
import { type JsonReader, readObject } from '../document/json-reader.ts'

/** Characters of a lock file: some 50,000 packages. */
const longest = 32 * 1024 * 1024

/**
 * Reads a lock file. Written by hand rather than with the recipe's schema library, because a lock is read
 * on every build. Throws `bad-lock`; `file` names the file in errors.
 */
export function parseLock(text: string, options: { readonly file: string }): Lock {
  const { file } = options
  if (text.length > longest)
    throw new TemperError(
      'limit-exceeded',
      `${file}: a lock has at most ${longest} characters, found ${text.length}`,
    )
  const value = parse(text, file)
  checkVersion(value, file)
  return readObject(value, { file, path: '' }, readLock)
}

/** The text of a lock file: sorted, indented, ending with a line break. Equal locks give equal texts. */
export function formatLock(lock: Lock): string {
  return readableJson({
    ...lock,
    recipe: { ...lock.recipe, files: sortBy(lock.recipe.files, (file) => file.name) },
    suites: sortBy(lock.suites, (suite) => `${suite.repository}\n${suite.suite}`),
    platforms: sortBy(lock.platforms, (platform) => platform.platform).map((platform) => ({
      ...platform,
      packages: sortBy(platform.packages, (p) => p.name),
      pruned: sortBy(platform.pruned, (p) => p.name),
      ...(platform.steps === undefined ? {} : { steps: platform.steps.map(sortedStep) }),
    })),
  } satisfies Lock)
}

function sortedStep({ name, packages, outputs }: LockedStep): LockedStep {
  return {
    name,
    packages: sortBy(packages, (p) => p.name),
    outputs: sortBy(outputs, (output) => output.name),
  }
}

/** By code unit, not by locale. */
function sortBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

/** A lock of ours nests a dozen levels. */
const depthLimit = 64

/** The lock beside a recipe is made by default; others are named. */
const makeAgain = { hint: 'Restore it, or make it again.', next: { action: 'make-lock' } } as const

function parse(text: string, file: string): unknown {
  const refuse = (found: string) => {
    const conflict = /^(<{7}|>{7}|={7})/m.test(text)
    return new TemperError(
      'bad-lock',
      conflict
        ? `${file}: the lock has merge conflict markers`
        : `${file}: the lock is damaged: expected JSON, found ${found}`,
      { ...makeAgain, details: { file } },
    )
  }
  return parseJson(text, { where: file, depth: depthLimit, refuse })
}

/** Before anything else, so that a lock of another version is not called damaged. */
function checkVersion(value: unknown, file: string): void {
  const version = (value as { formatVersion?: unknown } | null | undefined)?.formatVersion
  if (version === 1 || version === undefined) return
  throw new TemperError(
    'bad-lock',
    `${file}: expected a lock of format version 1, found ${JSON.stringify(version)?.slice(0, 40)}`,
    {
      hint: 'It was made by another version of Temper: use that one, or make the lock again.',
      next: { action: 'make-lock' },
    },
  )
}

function readLock(lock: JsonReader): Lock {
  if (lock.integer('formatVersion', 1) !== 1) lock.refuse('formatVersion', 'the format version 1')
  const platforms = lock.list('platforms', readPlatform)
  if (new Set(platforms.map((p) => p.platform)).size !== platforms.length)
    lock.refuse('platforms', 'each platform once')
  return {
    formatVersion: 1,
    ...(lock.has('maker') ? { maker: lock.object('maker', readMaker) } : {}),
    recipe: lock.object('recipe', (recipe) => ({
      name: recipe.text('name', { form: /^[a-z0-9][a-z0-9._-]*$/, what: 'the name of an image' }),
      checksum: recipe.digest('checksum'),
      files: recipe.list('files', (file) => ({
        name: file.text('name', { max: 4096 }),
        digest: file.digest('digest'),
        size: file.integer('size'),
      })),
    })),
    distribution: lock.text('distribution', { form: /^[a-z]+(?:-[0-9.]+)?$/, what: 'a distribution' }),
    compressor: lock.object('compressor', readCompressor),
    suites: lock.list('suites', readSuite),
    platforms,
  }
}

function readMaker(maker: JsonReader): Lock['maker'] & object {
  return {
    version: maker.text('version', { form: releaseVersion, what: 'a version of Temper' }),
    revision: maker.integer('revision', 1),
  }
}

function readCompressor(compressor: JsonReader): Compressor {
  const format = compressor.text('format')
  if (format !== 'gzip' && format !== 'zstd') return compressor.refuse('format', '"gzip" or "zstd"')
  return { format, level: compressor.integer('level'), definition: compressor.text('definition') }
}

function readSuite(suite: JsonReader): LockedSuite {
  const signedBy = suite.texts('signedBy')
  if (!signedBy.every((key) => /^([0-9A-F]{40}|[0-9A-F]{64})$/.test(key)))
    suite.refuse('signedBy', 'fingerprints in upper-case hex')
  return {
    repository: suite.text('repository'),
    // Folders too: only those that the recipe or the configuration names are ever read.
    address: suite.text('address', { max: 2048, form: /^(?:https?|file):\/\//, what: 'an address' }),
    suite: suite.text('suite', { form: suiteForm, what: 'a suite' }),
    components: suite.texts('components'),
    digest: suite.digest('digest'),
    date: suite.text('date', { form: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, what: 'a time in UTC' }),
    signedBy,
  }
}

const platformForm = { form: /^linux\/(amd64|arm64)$/, what: '"linux/amd64" or "linux/arm64"' }
// As wide as what an index may hold: a lock that was written can be read.
const packageForm = { form: /^[A-Za-z0-9][A-Za-z0-9+._-]{0,255}$/, what: 'the name of a package' }
const versionForm = { form: /^[A-Za-z0-9.+~:-]+$/, what: 'a version' }
/** A path below something: no leading slash, no empty part, no `.` or `..`. */
const relative = /^(?!\.{1,2}(\/|$))[^/?#\s]+(\/(?!\.{1,2}(\/|$))[^/?#\s]+)*$/
/** The same for names of files, which may hold anything else. */
const relativeName = /^(?!\.{1,2}(\/|$))[^/]+(\/(?!\.{1,2}(\/|$))[^/]+)*$/
/** The folder of a flat repository keeps the slash at its end; "./" is the top. */
const suiteForm = /^(?:\.\/|(?!\.{1,2}(?:\/|$))[^/?#\s]+(?:\/(?!\.{1,2}(?:\/|$))[^/?#\s]+)*\/?)$/
/** A flat repository has none. */
const componentForm = /^(?:(?!\.{1,2}(?:\/|$))[^/?#\s]+(?:\/(?!\.{1,2}(?:\/|$))[^/?#\s]+)*)?$/

function readPlatform(platform: JsonReader): LockedPlatform {
  const packages = sortBy(platform.list('packages', readPackage), (p) => p.name)
  const names = new Set(packages.map((p) => p.name))
  if (names.size !== packages.length) platform.refuse('packages', 'each package once')
  return {
    platform: platform.text('platform', platformForm),
    packages,
    pruned: platform.list('pruned', (pruned) => ({
      name: pruned.text('name', packageForm),
      version: pruned.text('version', versionForm),
      ...(pruned.has('source') ? { source: pruned.object('source', readSource) } : {}),
      reason: pruned.text('reason'),
    })),
    effects: platform.list('effects', (effect) => ({
      effect: effect.text('effect'),
      detail: effect.text('detail', { max: 4096 }),
    })),
    unmodelledEffects: platform.list('unmodelledEffects', (effect) => ({
      package: effect.text('package', packageForm),
      script: effect.text('script'),
      line: effect.integer('line', 1),
      command: effect.text('command', { max: 4096 }),
    })),
    ...(platform.has('base') ? { base: platform.object('base', readBase) } : {}),
    ...(platform.has('dependencies') ? { dependencies: platform.list('dependencies', readDependency) } : {}),
    ...(platform.has('dependencyLayers')
      ? { dependencyLayers: platform.literal('dependencyLayers', true) }
      : {}),
    ...(platform.has('steps') ? { steps: platform.list('steps', readStep) } : {}),
  }
}

function readBase(base: JsonReader): LockedBase {
  return {
    image: base.text('image', { max: 4096 }),
    digest: base.digest('digest'),
    ...(base.has('index') ? { index: base.digest('index') } : {}),
  }
}

const httpForm = { max: 4096, form: /^https?:\/\//, what: 'an address' }

function isKind(text: string): text is DependencyKind {
  return dependencyKinds.some((kind) => kind === text)
}

function readDependency(item: JsonReader): LockedDependency {
  const kind = item.text('kind')
  if (!isKind(kind)) return item.refuse('kind', `one of ${dependencyKinds.join(', ')}`)
  return {
    kind,
    lockFile: item.text('lockFile', { max: 4096 }),
    name: item.text('name', {
      form: /^(?:@?[A-Za-z0-9._~-]+\/|[A-Za-z0-9._+-]+:)?[A-Za-z0-9._~+-]+$/,
      what: 'the name of a package',
    }),
    version: item.text('version'),
    file: item.text('file'),
    ...(item.has('place')
      ? { place: item.text('place', { max: 4096, form: relative, what: 'a path below a folder' }) }
      : {}),
    ...(item.has('links') ? { links: readLinks(item) } : {}),
    url: item.text('url', httpForm),
    digest: item.digest('digest'),
    size: item.integer('size'),
    ...(item.has('dev') ? { dev: item.literal('dev', true) } : {}),
  }
}

function readLinks(item: JsonReader): readonly string[] {
  const links = item.texts('links')
  if (links.every((link) => relative.test(link) && link.length <= 4096)) return links
  return item.refuse('links', 'paths below a folder')
}

function readStep(step: JsonReader): LockedStep {
  const outputs = step.list('outputs', readStepFile)
  if (new Set(outputs.map(({ name }) => name)).size !== outputs.length)
    step.refuse('outputs', 'each output once')
  return {
    name: step.text('name', { form: /^[a-z0-9][a-z0-9._-]{0,63}$/, what: 'the name of a step' }),
    packages: sortBy(step.list('packages', readPackage), (p) => p.name),
    outputs: sortBy(outputs, ({ name }) => name),
  }
}

function readStepFile(file: JsonReader): StepFile {
  const name = file.text('name', {
    max: 4096,
    form: relativeName,
    what: 'a path below the folder of the step',
  })
  const type = file.text('type')
  if (type === 'directory') return { name, type }
  if (type === 'symlink') return { name, type, target: file.text('target', { max: 4096 }) }
  if (type !== 'file') return file.refuse('type', '"file", "directory" or "symlink"')
  const executable = file.has('executable') ? { executable: file.literal('executable', true) } : {}
  return { name, type, ...executable, digest: file.digest('digest'), size: file.integer('size') }
}

function readSource(source: JsonReader): LockedPackage['source'] {
  return { name: source.text('name', packageForm), version: source.text('version', versionForm) }
}

function readPackage(item: JsonReader): LockedPackage {
  return {
    name: item.text('name', packageForm),
    version: item.text('version', versionForm),
    // As the distribution writes it: "amd64", "all", "x86_64", "noarch".
    architecture: item.text('architecture', { form: /^[a-z0-9][a-z0-9_-]{0,31}$/, what: 'an architecture' }),
    source: item.object('source', readSource),
    digest: item.digest('digest'),
    size: item.integer('size', 1),
    installedSize: item.integer('installedSize'),
    origin: item.object('origin', (origin) => ({
      repository: origin.text('repository'),
      suite: origin.text('suite', { form: suiteForm, what: 'a suite' }),
      component: origin.text('component', { form: componentForm, what: 'a component' }),
      location: origin.text('location', { max: 4096, form: relative, what: 'a path below the repository' }),
    })),
    wantedBy: item.text('wantedBy'),
  }
}
