import type { Repair } from '../../advisory/match/repairs.ts'
import { packageIdentifiers } from '../../advisory/vex/apply/products.ts'
import type { ImageEvidence } from '../../advisory/vex/author/evidence.ts'
import type { Digest } from '../../base/digest.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type { Component, ComponentType } from '../../model/inventory.ts'
import type { Context } from '../context.ts'
import { openFeeds } from '../feeds/open.ts'
import type { OpenFeeds } from '../feeds/rebuildable.ts'

/** Feeds, as the source of statements about open vulnerabilities. */
export interface VexFeeds {
  /** Digests of the feeds, which together with the build decide the document. */
  readonly digests: readonly Digest[]
  /** Findings of an image's packages, and of those that were pruned. */
  findings(evidence: ImageEvidence): Promise<readonly Finding[]>
  /** What lists of fixes say about an image's packages. */
  repairs(evidence: ImageEvidence): Promise<readonly Repair[]>
  close(): void
}

/** Opens feeds as scanning does. Throws `not-found` when there are none. */
export async function openVexFeeds(
  request: { readonly feeds?: string },
  context: Context,
): Promise<VexFeeds> {
  const index = await openFeeds(context, request)
  return {
    digests: index.feeds.map(({ digest }) => digest),
    findings: (evidence) => findingsIn(evidence, index),
    repairs: (evidence) => repairsOf(evidence, index),
    close: () => index.close(),
  }
}

async function findingsIn(evidence: ImageEvidence, index: OpenFeeds): Promise<readonly Finding[]> {
  const { findingsOf } = await import('../scan/match.ts')
  const { findings } = await findingsOf(
    {
      distribution: evidence.distribution,
      components: [
        ...evidence.packages.map((each) => installed(each, evidence.packageType)),
        ...prunedComponents(evidence),
      ],
      layers: [],
      notes: [],
    },
    index,
  )
  return findings
}

async function repairsOf(evidence: ImageEvidence, index: OpenFeeds): Promise<readonly Repair[]> {
  const { repairsIn } = await import('../../advisory/match/repairs.ts')
  const components = evidence.packages.map((each) => installed(each, evidence.packageType))
  const inventory = { distribution: evidence.distribution, components, layers: [], notes: [] }
  return await index.reading((reader) => repairsIn(inventory, reader))
}

function installed(
  { name, version, architecture, source, purl }: ImageEvidence['packages'][number],
  type: ComponentType,
): Component {
  return { type, name, version, architecture, source, purl, locations: [], foundBy: 'lock' }
}

/** Those of which the lock says what they were built from. */
function prunedComponents(evidence: ImageEvidence): readonly Component[] {
  return evidence.pruned.flatMap(({ name, version, source }): Component[] => {
    const [purl = ''] = packageIdentifiers({ name, version }, evidence)
    if (source === undefined) return []
    return [{ type: evidence.packageType, name, version, source, purl, locations: [], foundBy: 'lock' }]
  })
}
