import type { SbomDistribution, SbomPackage, SbomSubject } from '../../model/sbom.ts'

/** Ids of elements (SPDX 2.3, 3.2): the same element has the same id in every document. */

/** The id of what the document describes; for a folder, the id by which Syft and Grype recognise one. */
export function rootId({ kind }: SbomSubject): string {
  return kind === 'directory' ? 'SPDXRef-DocumentRoot-Directory' : 'SPDXRef-ContainerImage'
}

export function packageId(id: string): string {
  return `SPDXRef-Package-${identifier(id)}`
}

export function sourceId({ name, version }: NonNullable<SbomPackage['source']>): string {
  return `SPDXRef-Source-${identifier(`${name}@${version}`)}`
}

export function systemId({ id, version }: SbomDistribution): string {
  return `SPDXRef-OperatingSystem-${identifier(`${id}-${version}`)}`
}

/** Identifiers consist of letters, digits, "." and "-": everything else becomes "." and its code in hex. */
export function identifier(text: string): string {
  return text.replace(
    /[^A-Za-z0-9.-]/gu,
    (character) => `.${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
  )
}
