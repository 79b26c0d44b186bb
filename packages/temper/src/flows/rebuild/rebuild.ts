import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { digestSet } from '../../attest/statement/in-toto.ts'
import type { BuildInput } from '../../attest/statement/provenance.ts'
import { type BuildRecipe, inputTypes, readBuildRecipe } from '../../attest/statement/read-provenance.ts'
import { rebuildSummary, verifierId } from '../../attest/statement/verification-summary.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, makeFolder, writeFileAtomic } from '../../base/file.ts'
import { temperVersion } from '../../base/version.ts'
import type { Signer } from '../../model/attestation.ts'
import { formatPlatform, parsePlatform } from '../../model/platform.ts'
import { versionForBytesOf } from '../../model/revision.ts'
import type { Store } from '../../model/store.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { readBounded, readManifest } from '../../oci/image/read-manifest.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { checkSource, isBeside, parseOwnGitSource } from '../../recipe/normalise/source-name.ts'
import { build } from '../build/build.ts'
import type { BuiltElsewhere, Context } from '../context.ts'
import { creationTime } from '../creation-time.ts'
import { attachSigned } from '../evidence/attest.ts'
import type { EvidenceRequest } from '../evidence/list.ts'
import { findProvenance } from '../evidence/provenance.ts'
import { nameOf } from '../image/name.ts'
import { type ImageSource, openImage } from '../image/source.ts'
import { keepGitTree } from '../lock/fetch-git.ts'
import { checkGitTree } from '../lock/git-proof.ts'
import { checkTrust } from '../trust/open.ts'
import { openSigner, type SigningKey, signerName } from '../trust/trusted-keys.ts'
import { statementPath } from '../vex/file.ts'
import { compareImages, type Difference } from './compare-images.ts'

export interface RebuildRequest extends EvidenceRequest {
  /** Signs the result and attaches it. */
  readonly attest?: SigningKey
}

export interface RebuildResult {
  readonly reference: string
  readonly equal: boolean
  readonly expected: Digest
  readonly rebuilt: Digest
  readonly differences: readonly Difference[]
  /** Whether a trusted key vouches for the provenance that was followed. */
  readonly verified: boolean
  /** The verification summary that was attached, and who signed it. */
  readonly summary?: { readonly digest: Digest; readonly signer: string }
}

/** Most bytes of one file that goes into a build, as for those beside a recipe. */
const inputLimit = 256 << 20

/** Most bytes of the tree of a commit: of its files as many, and what stands before each. */
const treeLimit = 384 << 20

/**
 * Rebuilds an image from the recipe and lock that its provenance names, in a temporary folder and with nothing
 * from earlier builds except the packages themselves, and compares. If trusted signers are named, only
 * provenance signed by them is followed. Equal digests prove the provenance, whoever signed it.
 */
export async function rebuild(request: RebuildRequest, context: Context): Promise<RebuildResult> {
  await checkTrust(request, request.reference, context)
  const source = await openImage(request.reference, context)
  try {
    const { attest } = request
    // A key that cannot sign is told before minutes of work; a certificate would expire meanwhile.
    const early =
      attest === undefined || attest.key.kind === 'keyless' ? undefined : await openSigner(attest, context)
    const provenance = await findProvenance(source, request, context)
    const { statement, verified } = provenance
    const recipe = readBuildRecipe(statement, `The provenance of ${source.text}`)
    const folder = await temporaryFolder(context)
    try {
      const place = placeOf(recipe, folder)
      const cacheDir = await freshCache(context.cacheDir, folder)
      await writeInputs(source, recipe, { place, context: { ...context, cacheDir } })
      const result = await buildAgain(await platformsOf(source, recipe), { recipe, place, cacheDir }, context)
      const { text: reference, root } = source
      const differences =
        result.digest === root.digest ? [] : await compareAll(source, result, openLayout(join(folder, 'out')))
      const equal = result.digest === root.digest
      const outcome = {
        reference,
        equal,
        expected: root.digest,
        rebuilt: result.digest,
        differences,
        verified,
      }
      if (attest === undefined) return outcome
      const signer = early ?? (await openSigner(attest, context))
      const { digest } = provenance
      const summary = await attachSummary(source, { equal, provenance: digest, signer }, context)
      return { ...outcome, summary: { digest: summary, signer: signerName(signer) } }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  } finally {
    await source.store.close()
  }
}

/** Signs the result as an SLSA verification summary. */
async function attachSummary(
  { store, root, reference, text }: ImageSource,
  rebuilt: { readonly equal: boolean; readonly provenance: Digest; readonly signer: Signer },
  context: Context,
): Promise<Digest> {
  const name = nameOf(reference)
  const statement = rebuildSummary({
    subjects: [{ ...(name === undefined ? {} : { name }), digest: digestSet(root.digest) }],
    verifier: context.builderId ?? verifierId,
    version: temperVersion(),
    time: creationTime(context),
    resource: name === undefined ? `urn:temper:image:${root.digest}` : `oci://${text}`,
    provenance: rebuilt.provenance,
    equal: rebuilt.equal,
  })
  return await attachSigned(store, root, { statement, signer: rebuilt.signer, scheme: 'referrers', context })
}

async function temporaryFolder(context: Context): Promise<string> {
  try {
    return await mkdtemp(join(context.temporaryDir, 'temper-rebuild-'))
  } catch (error) {
    throw fileError('write', context.temporaryDir, error)
  }
}

/** Where the inputs of a build lie, and where its image goes; all names of files are from outside. */
interface BuildPlace {
  /** The recipe's folder. */
  readonly home: string
  readonly recipe: string
  readonly lock: string
  readonly output: string
}

function placeOf({ name, inputs }: BuildRecipe, folder: string): BuildPlace {
  const home = join(folder, 'inputs', name)
  const files = new Map(
    inputs
      .filter(({ mediaType }) => mediaType === inputTypes.file)
      .map((input) => [normalize(input.name), input.digest]),
  )
  const statements = inputs.find(({ mediaType }) => mediaType === inputTypes.statements)?.digest
  // Each of these is the recipe of an image of that name when nothing else says how it is called.
  const names = ['recipe.yaml', 'recipe.yml', `${name}.yaml`, `${name}.yml`, `${name}.json`]
  // A file of the recipe must not be taken for statements about the image, unless it is both.
  const fits = (each: string) => {
    const beside = files.get(statementsBeside(each))
    return !files.has(each) && (beside === undefined || beside === statements)
  }
  const free = names.find(fits)
  if (free === undefined)
    throw new TemperError(
      'bad-attestation',
      `The provenance names files in place of the recipe or its statements: expected one of ${names.join(', ')} to be unused, but all are used`,
    )
  return {
    home,
    recipe: join(home, free),
    lock: join(folder, 'lock', 'recipe.lock.json'),
    output: join(folder, 'out'),
  }
}

/** Writes recipe, lock and files as they lay when the image was built. */
async function writeInputs(
  { store, text }: ImageSource,
  { inputs }: BuildRecipe,
  { place, context }: { readonly place: BuildPlace; readonly context: Context },
): Promise<void> {
  for (const input of inputs) {
    const commit = input.mediaType === inputTypes.file ? parseOwnGitSource(input.name)?.commit : undefined
    const path = commit === undefined ? pathOf(input, place) : undefined
    const limit = commit === undefined ? inputLimit : treeLimit
    const bytes = await readBounded(store, input, limit).catch((error) => {
      throw error instanceof TemperError && error.code === 'not-found'
        ? inputMissing(text, input.name)
        : error
    })
    if (path !== undefined) await writeFileAtomic(path, bytes)
    else if (commit !== undefined) {
      await checkGitTree(commit, bytes)
      await keepGitTree(commit, bytes, context)
    }
  }
}

function pathOf({ name, mediaType }: BuildInput, { home, recipe, lock }: BuildPlace): string {
  if (mediaType === inputTypes.recipe) return recipe
  if (mediaType === inputTypes.lock) return lock
  if (mediaType === inputTypes.statements) return statementsBeside(recipe)
  // An address is fetched by its checksum and attached nowhere: as a name it would lead out of the folder.
  const fault = isBeside(name) ? checkSource(name) : 'an address is not a name'
  if (fault !== undefined)
    throw new TemperError(
      'bad-attestation',
      `The provenance names a file that a recipe cannot have: ${fault}`,
    )
  return join(home, name)
}

/** Where the statements about an image lie: they are called as its recipe is. */
function statementsBeside(recipe: string): string {
  return statementPath({ lockFile: recipe.replace(/\.(?:ya?ml|json)$/, '.lock.json') })
}

function inputMissing(reference: string, name: string): TemperError {
  return new TemperError(
    'not-found',
    `${reference}: ${name}, which the image was built from, is not attached`,
    {
      hint: 'Rebuild from where the image was published, or copy the image with its evidence.',
    },
  )
}

/** All platforms for an index, else the one that the image is for. */
async function platformsOf({ store, root }: ImageSource, recipe: BuildRecipe): Promise<readonly string[]> {
  if ((await readManifest(store, root)).kind === 'index') return recipe.platforms
  const { config } = await readImage(store, root)
  return [formatPlatform(config)]
}

/** With the version of Temper that gives the image's bytes: this one, unless its effects and rules are others. */
async function buildAgain(
  platforms: readonly string[],
  {
    recipe,
    place,
    cacheDir,
  }: { readonly recipe: BuildRecipe; readonly place: BuildPlace; readonly cacheDir: string },
  context: Context,
): Promise<BuiltElsewhere> {
  const { sourceDateEpoch: _, ...rest } = context
  const { sourceDateEpoch, maker } = recipe
  const { recipe: target, lock, output } = place
  const time = sourceDateEpoch === undefined ? {} : { sourceDateEpoch }
  const version = maker && versionForBytesOf(maker)
  if (version !== undefined) {
    if (context.otherVersions === undefined) throw versionUnavailable(version)
    const request = { recipe: target, lock, output, vars: recipe.vars, platforms, cacheDir, ...time }
    return await context.otherVersions.build(version, request)
  }
  const built = await build(
    { target, lock, layout: { path: output }, vars: recipe.vars, platforms },
    { ...rest, ...time, cacheDir },
  )
  return { digest: built.digest, platforms: built.platforms.map(({ platform }) => platform) }
}

function versionUnavailable(version: string): TemperError {
  return new TemperError(
    'version-unavailable',
    `The image was built with effects and rules of another revision: only Temper ${version} reproduces its bytes, and nothing here can run that version`,
    { hint: 'Install npm, or rebuild with that version.', details: { version } },
  )
}

/** A cache with nothing in it but what is checked against its digest whenever it is used: downloads. */
async function freshCache(cacheDir: string, folder: string): Promise<string> {
  const fresh = join(folder, 'cache')
  try {
    await makeFolder(fresh)
    for (const name of ['packages', 'files-2', 'bases-1']) {
      await makeFolder(join(cacheDir, name))
      await symlink(join(cacheDir, name), join(fresh, name))
    }
  } catch (error) {
    throw fileError('write', folder, error)
  }
  return fresh
}

async function compareAll(
  source: ImageSource,
  result: BuiltElsewhere,
  layout: Store,
): Promise<readonly Difference[]> {
  const differences: Difference[] = []
  const root = await layout.resolve(result.digest)
  for (const name of result.platforms) {
    const platform = parsePlatform(name)
    const expected = await readImage(source.store, source.root, { platform })
    const rebuilt = await readImage(layout, root, { platform })
    differences.push(...(await compareImages(expected, rebuilt, name)))
  }
  if (differences.length > 0) return differences
  const what = 'the index: its images are equal, its own members are not'
  return [{ platform: result.platforms.join(', '), in: 'manifest', what }]
}
