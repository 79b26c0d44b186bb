import type { Descriptor } from '../../model/image.ts'

/** Formats of bills of materials that builds attach, by their names on the command line, with their media types. */
export const sbomFormats = {
  'spdx-json': 'application/spdx+json',
  'cyclonedx-json': 'application/vnd.cyclonedx+json',
} as const
export type AttachedSbomFormat = keyof typeof sbomFormats

/** Formats that bills of materials are written in. */
export const sbomFormatNames = ['spdx-json', 'cyclonedx-json', 'spdx3-json'] as const
export type SbomFormat = (typeof sbomFormatNames)[number]

/** Media type of OpenVEX documents, as registries and others that attach them use it. */
export const openVexType = 'application/vnd.openvex+json'

/** Marks what a build attaches by itself, so that a later build of the same image can replace it. */
export const evidenceAnnotation = { 'io.temper.evidence': 'build' } as const

export function isBuildEvidence({ annotations }: Descriptor): boolean {
  return annotations?.['io.temper.evidence'] === 'build'
}
