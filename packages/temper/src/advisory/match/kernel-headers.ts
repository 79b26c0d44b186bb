import type { Finding, SuppressedFinding } from '../../model/advisory/finding.ts'
import type { Component } from '../../model/inventory.ts'

/** Packages of headers, by type: Debian's and Ubuntu's, Alpine's, those of RPM distributions. */
const headers: Readonly<Record<string, RegExp>> = {
  deb: /^linux-(?:libc-dev(?:-.+)?|headers-.+|.*-headers-.+)$/,
  apk: /^linux-headers$/,
  rpm: /^kernel(?:-.+)?-(?:headers|devel|doc)$|^linux-(?:glibc|kernel)-headers$|^kernel-headers$/,
}

/**
 * Suppresses kernel vulnerabilities in packages that contain only kernel headers. These are built from the kernel's
 * source, so that every record about the kernel applies to them, but they contain no code that could run.
 */
export function setHeadersAside(findings: readonly Finding[]): {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
} {
  const kept: Finding[] = []
  const suppressed: SuppressedFinding[] = []
  for (const finding of findings) {
    if (!isKernelHeader(finding.component)) kept.push(finding)
    else
      suppressed.push({
        ...finding,
        status: 'not_affected',
        justification: 'vulnerable_code_not_present',
        reason: 'the package holds kernel headers and no code that runs',
        suppressedBy: { kind: 'rule', source: 'built in: kernel headers' },
      })
  }
  return { findings: kept, suppressed }
}

function isKernelHeader({ type, name, source }: Component): boolean {
  const pattern = Object.hasOwn(headers, type) ? headers[type] : undefined
  if (pattern?.test(name) !== true) return false
  return source === undefined || /^(?:linux|kernel)(?:-|$)/.test(source.name)
}
