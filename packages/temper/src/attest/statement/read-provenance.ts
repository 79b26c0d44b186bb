import { type Digest, isDigest } from '../../base/digest.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { predicateTypes, type Statement } from '../../model/attestation.ts'
import { isReleaseVersion, type Maker } from '../../model/revision.ts'
import { listOf, malformed, objectOf, textOf } from '../json-document.ts'
import { type BuildInput, buildType } from './provenance.ts'

/** What it takes to build an image again. */
export interface BuildRecipe {
  /** Name of the image, in a form that a file may have. */
  readonly name: string
  readonly platforms: readonly string[]
  readonly vars: Readonly<Record<string, string>>
  readonly sourceDateEpoch?: number
  /** Who built it. Absent when the provenance does not say. */
  readonly maker?: Maker
  /** The recipe first, then its lock, the VEX statements beside it, if any, and the files that it adds. */
  readonly inputs: readonly BuildInput[]
}

/** Media types of what is attached beside the provenance. */
export const inputTypes = {
  artifact: 'application/vnd.temper.build-inputs.v1',
  recipe: 'application/vnd.temper.recipe.v1+yaml',
  lock: 'application/vnd.temper.lock.v1+json',
  statements: 'application/vnd.temper.statements.v1+json',
  file: 'application/octet-stream',
} as const

const { artifact: _, ...ofInputs } = inputTypes
const inputMediaTypes: readonly unknown[] = Object.values(ofInputs)

/** Most dependencies of a build: packages of all platforms, suites and files. */
const dependencyLimit = 100_000

/** Reads what a provenance statement of Temper says of how to build the image again. Throws `bad-attestation`. */
export function readBuildRecipe(statement: Statement, where: string): BuildRecipe {
  if (statement.predicateType !== predicateTypes.slsaprovenance1)
    throw malformed(where, predicateTypes.slsaprovenance1, statement.predicateType.slice(0, 100))
  const definition = objectOf(statement.predicate?.['buildDefinition'], `${where}, buildDefinition`)
  const type = textOf(definition['buildType'], `${where}, buildType`)
  if (type !== buildType) throw malformed(`${where}, buildType`, `"${buildType}"`, `"${type.slice(0, 100)}"`)
  const parameters = objectOf(definition['externalParameters'], `${where}, externalParameters`)
  const dependencies = listOf(
    definition['resolvedDependencies'],
    `${where}, resolvedDependencies`,
    dependencyLimit,
  )
  const epoch = parameters['sourceDateEpoch']
  if (epoch !== undefined && !(typeof epoch === 'number' && Number.isSafeInteger(epoch) && epoch >= 0))
    throw malformed(`${where}, sourceDateEpoch`, 'seconds since 1970', String(epoch).slice(0, 40))
  return {
    name: readName(parameters['recipe'], `${where}, recipe`),
    platforms: listOf(parameters['platforms'], `${where}, platforms`, 16).map((each) =>
      textOf(each, `${where}, platforms`, 100),
    ),
    vars: readVars(parameters['vars'], `${where}, vars`),
    inputs: readInputs(dependencies, where),
    ...readMaker(statement.predicate, definition, where),
    ...(epoch === undefined ? {} : { sourceDateEpoch: epoch }),
  }
}

/** The first version of Temper, whose revision is 1, did not name its revision. */
function readMaker(
  predicate: JsonObject | undefined,
  definition: JsonObject,
  where: string,
): Pick<BuildRecipe, 'maker'> {
  const details = objectOf(predicate?.['runDetails'] ?? {}, `${where}, runDetails`)
  const builder = objectOf(details['builder'] ?? {}, `${where}, builder`)
  const version = objectOf(builder['version'] ?? {}, `${where}, version`)['temper']
  if (version === undefined) return {}
  const internal = objectOf(definition['internalParameters'] ?? {}, `${where}, internalParameters`)
  const revision = internal['revision'] ?? 1
  if (typeof version !== 'string' || !isReleaseVersion(version))
    throw malformed(`${where}, version`, 'a version of Temper', String(version).slice(0, 80))
  if (typeof revision !== 'number' || !Number.isSafeInteger(revision) || revision < 1)
    throw malformed(`${where}, revision`, 'a whole number from 1', String(revision).slice(0, 40))
  return { maker: { version, revision } }
}

function readName(recipe: unknown, where: string): string {
  const name = textOf(objectOf(recipe, where)['name'], `${where}, name`, 128)
  if (/^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/.test(name)) return name
  throw malformed(`${where}, name`, 'the name of an image', `"${name}"`)
}

function readVars(value: unknown, where: string): Readonly<Record<string, string>> {
  const vars: Record<string, string> = Object.create(null)
  for (const [name, text] of Object.entries(objectOf(value ?? {}, where))) {
    if (typeof text !== 'string') throw malformed(where, 'text', typeof text)
    vars[name] = text
  }
  return vars
}

function readInputs(dependencies: readonly unknown[], where: string): readonly BuildInput[] {
  const objects = dependencies.map((each) => objectOf(each, `${where}, resolvedDependencies`))
  const inputs = objects
    .filter((each) => inputMediaTypes.includes(each['mediaType']))
    .map((each) => readInput(each, where))
  const [recipe, lock, ...rest] = inputs
  const inOrder = recipe?.mediaType === inputTypes.recipe && lock?.mediaType === inputTypes.lock
  const files = rest[0]?.mediaType === inputTypes.statements ? rest.slice(1) : rest
  if (!inOrder || files.some(({ mediaType }) => mediaType !== inputTypes.file))
    throw malformed(`${where}, resolvedDependencies`, 'a recipe, a lock and files', 'others')
  return inputs
}

function readInput(json: JsonObject, where: string): BuildInput {
  const name = textOf(json['name'], `${where}, name of an input`)
  const place = `${where}, input ${name.slice(0, 100)}`
  const digest = `sha256:${textOf(objectOf(json['digest'], place)['sha256'], place)}`
  const { size } = objectOf(json['annotations'], place)
  if (!isDigest(digest)) throw malformed(place, 'a SHA-256 digest', digest.slice(0, 80))
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw malformed(place, 'a size in bytes', String(size).slice(0, 40))
  return { name, mediaType: textOf(json['mediaType'], place), digest: digest as Digest, size }
}
