import { ownMember } from '../base/own-member.ts'

/** Distributions that Trivy knows by another name than their ID (aquasecurity/trivy, pkg/fanal/types/const.go). */
const families: Readonly<Record<string, string>> = {
  rhel: 'redhat',
  almalinux: 'alma',
  amzn: 'amazon',
  ol: 'oracle',
  mariner: 'cbl-mariner',
  'opensuse-leap': 'opensuse.leap',
  'opensuse-tumbleweed': 'opensuse.tumbleweed',
  sles: 'suse linux enterprise server',
}

/** Trivy's name for a distribution; it looks nothing up for unknown names. */
export function trivyFamily(id: string): string {
  return ownMember(families, id) ?? id
}
