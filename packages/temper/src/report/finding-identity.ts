import { hexOf, sha256 } from '../base/digest.ts'
import { canonicalJson } from '../base/json/canonical-json.ts'
import type { Finding } from '../model/advisory/finding.ts'

/**
 * Names a finding in the same way from scan to scan, even after its package has changed version: by the problem, the
 * package and its place. 64 hex digits.
 */
export function findingFingerprint({ id, component }: Finding): string {
  const place = component.locations[0]?.path ?? ''
  return hashed([id, component.type, component.name, component.architecture ?? '', place])
}

/** A UUID (RFC 9562, version 8) that follows from values alone. */
export function stableUuid(values: readonly unknown[]): string {
  const hex = hashed(values)
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function hashed(values: readonly unknown[]): string {
  return hexOf(sha256(canonicalJson(values)))
}
