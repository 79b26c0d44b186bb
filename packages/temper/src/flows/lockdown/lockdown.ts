import { digestSet, makeStatement } from '../../attest/statement/in-toto.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { composeFile, composeYaml } from '../../lockdown/compose.ts'
import { dockerLine, dockerWords } from '../../lockdown/docker.ts'
import { kubernetesObjects, kubernetesYaml } from '../../lockdown/kubernetes.ts'
import { type Lockdown, planLockdown } from '../../lockdown/plan.ts'
import type { Descriptor, Image } from '../../model/image.ts'
import { formatPlatform, type ImagePlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { imageMembers } from '../../oci/image/members.ts'
import { readImage } from '../../oci/image/read-image.ts'
import type { Context } from '../context.ts'
import { attachSigned } from '../evidence/attest.ts'
import { repositoryOf } from '../image/name.ts'
import { openImage } from '../image/source.ts'
import { openSigner, type SigningKey } from '../trust/trusted-keys.ts'
import { imageFacts } from './image-facts.ts'
import type { LockdownTarget } from './target.ts'

export interface LockdownRequest {
  readonly reference: Reference
  readonly target: LockdownTarget
  /** Which image of an index; absent: each of them is read, and they have to agree. */
  readonly platform?: ImagePlatform
  /** Its name where it runs, without tag or digest, instead of its reference. */
  readonly name?: string
  /** Who signs the plan, which is then attached to the image; absent: it is only returned. */
  readonly signer?: SigningKey
}

/** Type of the predicate: the plan, for every target. */
export const lockdownType = 'urn:temper:lockdown:v1'

export interface LockdownResult {
  readonly reference: string
  readonly target: LockdownTarget
  readonly lockdown: Lockdown
  /** What the target takes: the objects, the file, or the words of the command. */
  readonly output: readonly unknown[]
  /** The output as text: YAML, or a line for a shell. */
  readonly text: string
  /** Digest of what was attached. */
  readonly attached?: Digest
}

/**
 * How to run an image, from what its configuration says and its layers prove. Throws `bad-image` for images
 * that are not for Linux, and `bad-usage` if the platforms of an index need different settings.
 */
export async function lockdown(request: LockdownRequest, context: Context): Promise<LockdownResult> {
  const { store, root, text } = await openImage(request.reference, context)
  const progress = context.progress.start('Reading the image')
  try {
    const members = request.platform === undefined ? await imageMembers(store, root) : [root]
    const plans: { readonly platform: string; readonly plan: Lockdown }[] = []
    for (const member of members) {
      const chosen = request.platform === undefined ? {} : { platform: request.platform }
      const image = await readImage(store, member, chosen)
      refuseOther(image, text)
      const name = request.name ?? nameFor(request.reference, image)
      const plan = planLockdown({ ...(await imageFacts(image, context)), name, digest: root.digest })
      plans.push({ platform: formatPlatform(image.config), plan })
    }
    const [first, ...others] = plans
    if (first === undefined) throw new TemperError('bad-image', `${text}: an index without images`)
    for (const other of others) assertSame(first, other)
    const { signer } = request
    const attached =
      signer === undefined ? undefined : await attachPlan(first.plan, { store, root, signer, context })
    return {
      reference: text,
      ...(attached === undefined ? {} : { attached }),
      target: request.target,
      lockdown: first.plan,
      ...outputs[request.target](first.plan),
    }
  } finally {
    progress.done()
    await store.close()
  }
}

/** A signed statement that the image is to run so: what verifies it can hold pods against it. */
async function attachPlan(
  plan: Lockdown,
  {
    store,
    root,
    signer,
    context,
  }: {
    readonly store: Store
    readonly root: Descriptor
    readonly signer: SigningKey
    readonly context: Context
  },
): Promise<Digest> {
  const statement = makeStatement(
    [{ name: plan.image.split('@')[0] ?? '', digest: digestSet(root.digest) }],
    {
      predicateType: lockdownType,
      predicate: { ...plan },
    },
  )
  const opened = await openSigner(signer, context)
  return await attachSigned(store, root, { statement, signer: opened, scheme: 'referrers', context })
}

const outputs: Readonly<Record<LockdownTarget, (plan: Lockdown) => Pick<LockdownResult, 'output' | 'text'>>> =
  {
    kubernetes: (plan) => ({ output: kubernetesObjects(plan), text: kubernetesYaml(plan) }),
    docker: (plan) => ({ output: dockerWords(plan), text: dockerLine(plan) }),
    compose: (plan) => ({ output: [composeFile(plan)], text: composeYaml(plan) }),
  }

/** The repository of a registry; elsewhere what the image calls itself, since a path is no name in a cluster. */
function nameFor(reference: Reference, { manifest, config }: Image): string {
  if (reference.kind === 'registry') return repositoryOf(reference)
  const title =
    manifest.annotations?.['org.opencontainers.image.title'] ??
    config.config?.Labels?.['org.opencontainers.image.title'] ??
    ''
  return /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(title) && title.length <= 100 ? title : 'app'
}

function refuseOther({ config }: Image, text: string): void {
  if (config.os === 'linux') return
  throw new TemperError(
    'bad-image',
    `${text} is for ${formatPlatform(config)}: only Linux containers can be locked down`,
  )
}

function assertSame(
  a: { readonly platform: string; readonly plan: Lockdown },
  b: { readonly platform: string; readonly plan: Lockdown },
): void {
  const needs = ({ plan }: typeof a) => JSON.stringify({ ...plan, notes: [] })
  if (needs(a) === needs(b)) return
  throw new TemperError(
    'bad-usage',
    `${a.platform} and ${b.platform} of the image cannot run in the same way: their users, ports or folders differ`,
    { next: { action: 'choose-platform' } },
  )
}
