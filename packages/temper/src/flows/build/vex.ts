import type { Repair } from '../../advisory/match/repairs.ts'
import { combinePlatforms } from '../../advisory/vex/apply/combine.ts'
import { imageProduct } from '../../advisory/vex/apply/products.ts'
import { bindStatements, withoutOverlap } from '../../advisory/vex/author/authored.ts'
import type { ImageEvidence } from '../../advisory/vex/author/evidence.ts'
import { fixedStatements } from '../../advisory/vex/author/from-changelogs.ts'
import { findingStatements } from '../../advisory/vex/author/from-findings.ts'
import { repairStatements } from '../../advisory/vex/author/from-repairs.ts'
import { writeOpenVex } from '../../advisory/vex/format/write.ts'
import { temperVersion } from '../../base/version.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type { VexDocument, VexStatement } from '../../model/advisory/vex.ts'
import type { Blob, Descriptor } from '../../model/image.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import { type Artifact, attachedDocument } from '../../oci/image/artifact.ts'
import { evidenceAnnotation, openVexType } from '../evidence/evidence-type.ts'
import type { BuiltPlatform } from './platform.ts'

/** What the statements about an image are made from. */
export interface VexBuild {
  readonly built: readonly Pick<BuiltPlatform, 'image' | 'vexEvidence'>[]
  /** Index of an image for several platforms. */
  readonly index: Blob | undefined
  /** Statements that lie beside the recipe. */
  readonly authored: VexDocument | undefined
  /** Findings of one platform, its pruned packages included; without them only repairs are stated. */
  readonly findings?: (evidence: ImageEvidence) => Promise<readonly Finding[]>
  /** What the distribution's list of fixes says about one platform's packages. */
  readonly repairs?: (evidence: ImageEvidence) => Promise<readonly Repair[]>
}

export interface BuiltVex {
  readonly artifacts: readonly Artifact[]
  readonly notes: readonly InventoryNote[]
}

/**
 * What is known about vulnerabilities in the image and in each of its platforms, as OpenVEX documents to attach.
 * Depends only on the build and the findings, not on a clock.
 */
export async function vexOf(build: VexBuild): Promise<BuiltVex> {
  const notes = new Map<string, InventoryNote>()
  const platforms: { subject: Descriptor; created: string; statements: readonly VexStatement[] }[] = []
  for (const { image, vexEvidence } of build.built) {
    const told = fixedStatements(vexEvidence)
    const listed = repairStatements((await build.repairs?.(vexEvidence)) ?? [], vexEvidence)
    const fixed = [...told, ...withoutOverlap(listed, told)]
    const open = findingStatements((await build.findings?.(vexEvidence)) ?? [], vexEvidence, fixed)
    const bound = build.authored === undefined ? undefined : bindStatements(build.authored, vexEvidence)
    for (const note of bound?.notes ?? []) notes.set(note.message, note)
    const authored = bound?.statements ?? []
    // People are believed before findings, and those (they know of the changelogs) before changelogs.
    const believed = [...authored, ...withoutOverlap(open, authored)]
    const statements = [...believed, ...withoutOverlap(fixed, believed)]
    platforms.push({ subject: image.descriptor, created: timeOf(vexEvidence, authored), statements })
  }
  const artifacts = platforms.map(({ subject, created, statements }) => attach(subject, created, statements))
  const first = build.built[0]?.vexEvidence
  if (build.index === undefined || first === undefined) return { artifacts, notes: [...notes.values()] }
  const { descriptor } = build.index
  const combined = combinePlatforms(
    platforms.map(({ statements }) => statements),
    (parts) => imageProduct({ image: { ...first.image, digest: descriptor.digest } }, parts),
  )
  return {
    artifacts: [attach(descriptor, latest(platforms.map(({ created }) => created)), combined), ...artifacts],
    notes: [...notes.values()],
  }
}

/**
 * Of the image; or of the newest statement that people made since then: so the document of the same image that says
 * more is the later one.
 */
function timeOf({ image }: ImageEvidence, authored: readonly VexStatement[]): string {
  return latest([image.created, ...authored.flatMap(({ timestamp }) => timestamp ?? [])])
}

function latest(times: readonly string[]): string {
  return new Date(Math.max(...times.map((time) => Date.parse(time)))).toISOString().replace(/\.\d+Z$/, 'Z')
}

function attach(subject: Descriptor, timestamp: string, statements: readonly VexStatement[]): Artifact {
  const tooling = `temper ${temperVersion()}`
  const text = writeOpenVex({ author: 'Temper', role: 'Build tool', timestamp, tooling }, statements)
  return attachedDocument(subject, new TextEncoder().encode(text), {
    artifactType: openVexType,
    annotations: { ...evidenceAnnotation, 'org.opencontainers.image.created': timestamp },
  })
}
