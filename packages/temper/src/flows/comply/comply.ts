import { signBundle } from '../../attest/envelope/bundle.ts'
import { digestSet, makeStatement } from '../../attest/statement/in-toto.ts'
import { TemperError } from '../../base/error.ts'
import { closest } from '../../base/suggestion.ts'
import { temperVersion } from '../../base/version.ts'
import { frameworkOf, frameworks } from '../../compliance/frameworks.ts'
import { countStatuses, judgeControls } from '../../compliance/judge.ts'
import type { Assessment } from '../../model/assess/assessment.ts'
import type { Applicability, Compliance, Framework } from '../../model/assess/compliance.ts'
import type { Image } from '../../model/image.ts'
import { formatPlatform, type ImagePlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { fipsSentences } from '../../report/assessment/fips.ts'
import { imageRules } from '../../rules/image/rules.ts'
import { type AssessRequest, assess } from '../assess/assess.ts'
import type { Context } from '../context.ts'
import { creationTime } from '../creation-time.ts'
import { attachSigned } from '../evidence/attest.ts'
import { openImage } from '../image/source.ts'
import type { TrustRequest } from '../trust/open.ts'
import { openSigner, type SigningKey } from '../trust/trusted-keys.ts'
import { type PackFile, packFiles, packManifest, packType, reportName } from './pack.ts'

export interface ComplyRequest {
  readonly reference: Reference
  /** Id of a framework. */
  readonly framework: string
  /** Which image of several. */
  readonly platform?: ImagePlatform
  /** Whom to trust about evidence; absent: whom the person's trust file names. */
  readonly trust?: TrustRequest
  /** Which feeds, VEX documents and ignore rules count. */
  readonly scan?: Omit<AssessRequest, 'target' | 'platform' | 'trust' | 'against'>
  /** Whether the pack also has the report as PDF. */
  readonly pdf?: boolean
  /** Who signs the pack; absent when nobody does. */
  readonly signer?: SigningKey
  /** Whether what is signed is attached to the image too. */
  readonly attach?: boolean
}

export interface ComplyResult {
  readonly compliance: Compliance
  /** The evidence pack; paths without folders. */
  readonly files: readonly PackFile[]
}

/**
 * Checks an image against the controls of a framework, and makes the pack of evidence. Throws `bad-usage` for
 * an unknown framework, and the errors of reading and signing images.
 */
export async function comply(request: ComplyRequest, context: Context): Promise<ComplyResult> {
  const framework = knownFramework(request.framework)
  const { store, root, text } = await openImage(request.reference, context)
  const progress = context.progress.start('Reading the image')
  try {
    const { platform } = request
    const image = await readImage(store, root, platform === undefined ? {} : { platform })
    const { assessment } = await assess(
      {
        target: { kind: 'image', reference: { ...request.reference, digest: root.digest } },
        ...(platform === undefined ? {} : { platform }),
        ...(request.trust === undefined ? {} : { trust: request.trust }),
        ...request.scan,
      },
      context,
    )
    const compliance = complianceOf(framework, assessment, { image, text, assessed: creationTime(context) })
    const files = await allFiles(packFiles(compliance, assessment), request, context)
    const signed =
      request.signer === undefined ? [] : await sign({ compliance, files, store, image }, request, context)
    return { compliance, files: [...files, packManifest(compliance, files), ...signed] }
  } finally {
    progress.done()
    await store.close()
  }
}

async function allFiles(
  files: readonly PackFile[],
  { pdf }: ComplyRequest,
  context: Context,
): Promise<readonly PackFile[]> {
  const page = files.find(({ name }) => name === reportName)
  if (pdf !== true || page === undefined) return files
  const { printPdf } = await import('./pdf.ts')
  const bytes = await printPdf(page.bytes, context)
  return [...files, { name: 'report.pdf', mediaType: 'application/pdf', bytes }]
}

function knownFramework(id: string): Framework {
  const framework = frameworkOf(id)
  if (framework !== undefined) return framework
  const ids = frameworks.map((each) => each.id)
  const near = closest(id, ids)
  throw new TemperError('bad-usage', `"${id.slice(0, 80)}" is not a framework`, {
    hint:
      near === undefined
        ? `Use one of ${ids.join(', ')}.`
        : `Did you mean ${near}? The frameworks are ${ids.join(', ')}.`,
  })
}

function complianceOf(
  { controls, ...framework }: Framework,
  { findings, unjudged, fips }: Assessment,
  { image, text, assessed }: { readonly image: Image; readonly text: string; readonly assessed: string },
): Compliance {
  const rules = new Map(imageRules.map(({ id, title }) => [id, title]))
  const applies = applicable(image, fips?.claimed)
  const results = judgeControls({ ...framework, controls }, { rules, findings, unjudged, applies })
  return {
    framework,
    image: { reference: text, digest: image.descriptor.digest, platform: formatPlatform(image.config) },
    assessed,
    generator: { name: 'temper', version: temperVersion() },
    counts: countStatuses(results),
    controls: results,
    ...(fips === undefined ? {} : { fips: fipsSentences(fips) }),
  }
}

/** Conditions of controls that are true of the image. */
function applicable({ config }: Image, claims: string | undefined): ReadonlySet<Applicability> {
  const applies = new Set<Applicability>()
  if (Object.keys(config.config?.ExposedPorts ?? {}).length > 0) applies.add('declares-ports')
  if (claims !== undefined) applies.add('claims-fips')
  return applies
}

interface Signing {
  readonly compliance: Compliance
  readonly files: readonly PackFile[]
  readonly store: Store
  readonly image: Image
}

/** A statement about the image that says which files its evidence is, in a Sigstore bundle. */
async function sign(
  { compliance, files, store, image }: Signing,
  request: ComplyRequest,
  context: Context,
): Promise<readonly PackFile[]> {
  if (request.signer === undefined) return []
  const signer = await openSigner(request.signer, context)
  const manifest: unknown = JSON.parse(Buffer.from(packManifest(compliance, files).bytes).toString())
  const statement = makeStatement(
    [{ name: compliance.image.reference, digest: digestSet(image.descriptor.digest) }],
    { predicateType: packType, predicate: manifest as Record<string, unknown> },
  )
  if (request.attach === true)
    await attachSigned(store, image.descriptor, { statement, signer, scheme: 'referrers', context })
  const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
  return [{ name: 'manifest.sigstore.json', mediaType, bytes: await signBundle(statement, signer) }]
}
