import { normalize } from 'node:path'
import { digestSet, makeStatement, statementBytes } from '../../attest/statement/in-toto.ts'
import { type BuildInput, buildProvenance, defaultBuilderId } from '../../attest/statement/provenance.ts'
import { inputTypes } from '../../attest/statement/read-provenance.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { temperVersion } from '../../base/version.ts'
import { type DistroWorld, describeRelease } from '../../distro/open.ts'
import { evidenceTypes, predicateTypes, type Statement } from '../../model/attestation.ts'
import type { Blob, Descriptor } from '../../model/image.ts'
import type { Lock, LockedPackage } from '../../model/lock.ts'
import type { Recipe } from '../../model/recipe.ts'
import { revisions } from '../../model/revision.ts'
import {
  type Artifact,
  type ArtifactFile,
  attachedDocument,
  attachedFiles,
} from '../../oci/image/artifact.ts'
import { formatLock } from '../../recipe/lock/lock-file.ts'
import { isBeside, parseOwnGitSource } from '../../recipe/normalise/source-name.ts'
import { packagePurl } from '../../sbom/describe/package-purl.ts'
import type { Context } from '../context.ts'
import { evidenceAnnotation } from '../evidence/evidence-type.ts'
import type { RecipeTarget } from '../lock/recipe-target.ts'
import type { BuiltPlatform } from './platform.ts'

/** The result of a build, and its inputs. */
export interface FinishedBuild {
  readonly target: RecipeTarget
  readonly lock: Lock
  readonly built: readonly BuiltPlatform[]
  /** Index of an image for several platforms. */
  readonly index: Blob | undefined
  /** Statements about vulnerabilities that lie beside the recipe. */
  readonly statements: Uint8Array | undefined
  /** Identifies the build by everything that its result depends on. */
  readonly key: Digest
}

/**
 * The provenance of an image, the same for the image and each of its platforms, with everything needed to rebuild the
 * image beside it. Depends on nothing but the build.
 */
export function provenanceOf(
  build: FinishedBuild,
  context: Pick<Context, 'builderId' | 'sourceDateEpoch'> & DistroWorld,
): Artifact[] {
  const files = inputFiles(build)
  const statement = statementBytes(provenanceStatement(build, files, context))
  const created = build.built[0]?.image.config.created
  const annotations = {
    ...evidenceAnnotation,
    ...(created === undefined ? {} : { 'org.opencontainers.image.created': created }),
  }
  return subjectsOf(build).flatMap((subject) => [
    attachedDocument(subject, statement, {
      artifactType: evidenceTypes.statement,
      annotations: { ...annotations, 'in-toto.io/predicate-type': predicateTypes.slsaprovenance1 },
    }),
    attachedFiles(subject, files, { artifactType: inputTypes.artifact, annotations }),
  ])
}

function subjectsOf({ index, built }: FinishedBuild): readonly Descriptor[] {
  const images = built.map(({ image }) => image.descriptor)
  return index === undefined ? images : [index.descriptor, ...images]
}

type InputFile = ArtifactFile & { readonly title: string }

/**
 * What the build read besides packages, each under a title of its own. Files at an https address can be had from there,
 * by their checksum, and commits from theirs; of a repository beside the recipe there is the tree of the commit.
 */
function inputFiles({ target, lock, statements }: FinishedBuild): readonly InputFile[] {
  const files = new Map<string, Uint8Array>()
  for (const { name, content } of target.sources)
    if (isBeside(name) || parseOwnGitSource(name)) files.set(name, content)
  const taken = new Set([...files.keys()].map((name) => normalize(name)))
  // Their media types tell these, so they give way to a file of the recipe that is called so.
  const document = (name: string, mediaType: string, bytes: Uint8Array): InputFile => {
    let title = name
    while (taken.has(title)) title = `image-${title}`
    return { title, mediaType, bytes }
  }
  return [
    document('recipe.yaml', inputTypes.recipe, Buffer.from(target.text)),
    document('recipe.lock.json', inputTypes.lock, Buffer.from(formatLock(lock))),
    ...(statements === undefined ? [] : [document('recipe.openvex.json', inputTypes.statements, statements)]),
    ...[...files].map(([title, bytes]) => ({ title, mediaType: inputTypes.file, bytes })),
  ]
}

function provenanceStatement(
  build: FinishedBuild,
  files: readonly InputFile[],
  context: Pick<Context, 'builderId' | 'sourceDateEpoch'> & DistroWorld,
): Statement {
  const { target, lock, built, index } = build
  const { name } = target.recipe
  const predicate = buildProvenance({
    builderId: context.builderId ?? defaultBuilderId,
    version: temperVersion(),
    revision: revisions.current,
    recipe: target.recipe,
    vars: target.vars,
    sourceDateEpoch: context.sourceDateEpoch,
    lock,
    inputs: files.map(
      ({ title, mediaType, bytes }): BuildInput => ({
        name: title,
        mediaType,
        digest: sha256(bytes),
        size: bytes.length,
      }),
    ),
    platforms: built.map(({ result }) => result),
    invocation: build.key,
    packageUrl: packageUrls(target.recipe, context),
  })
  const subjects = [
    ...(index === undefined ? [] : [{ name, digest: digestSet(index.descriptor.digest) }]),
    ...built.map(({ result: { platform, digest } }) => ({
      name,
      digest: digestSet(digest),
      annotations: { platform },
    })),
  ]
  return makeStatement(subjects, { predicateType: predicateTypes.slsaprovenance1, predicate })
}

function packageUrls(recipe: Recipe, world: DistroWorld): (locked: LockedPackage) => string {
  const { distribution, packageType } = describeRelease(recipe.distribution, world)
  return (locked) => packagePurl(locked, distribution, packageType)
}
