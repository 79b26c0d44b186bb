import type { PackageUrl } from '../../../formats/purl/purl.ts'
import type { Distribution } from '../../../model/inventory.ts'

/** Trivy's names of distributions that os-release(5) names otherwise. */
const ids = new Map([
  ['redhat', 'rhel'],
  ['alma', 'almalinux'],
  ['amazon', 'amzn'],
  ['oracle', 'ol'],
  ['cbl-mariner', 'mariner'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['suse linux enterprise server', 'sles'],
])

/** The ID of os-release(5) for what a tool calls a distribution. */
export function distributionId(name: string): string {
  const lower = name.toLowerCase()
  return ids.get(lower) ?? lower.replaceAll(' ', '-')
}

/**
 * The distribution that the `distro` qualifier of a purl names: "debian-12", "opensuse-leap-15.5", "wolfi", or
 * a codename alone, as the examples of purl-spec have it ("jessie").
 */
export function purlDistribution({ type, namespace, qualifiers }: PackageUrl): Distribution | undefined {
  const text = qualifiers?.['distro']
  if (text === undefined || (type !== 'deb' && type !== 'apk' && type !== 'rpm')) return undefined
  const numbered = /^(.+?)-(\d.*)$/.exec(text)
  if (numbered?.[1] !== undefined && numbered[2] !== undefined)
    return { id: distributionId(numbered[1]), version: numbered[2] }
  if (namespace === undefined || distributionId(namespace) === distributionId(text))
    return { id: distributionId(text), version: '' }
  const codename = text.startsWith(`${namespace}-`) ? text.slice(namespace.length + 1) : text
  return { id: distributionId(namespace), version: '', codename }
}

export function sameDistribution(a: Distribution | undefined, b: Distribution | undefined): boolean {
  return a?.id === b?.id && a?.version === b?.version
}

const architectures = new Map([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
  ['i386', '386'],
  ['i586', '386'],
  ['i686', '386'],
  ['x86', '386'],
  ['armhf', 'arm'],
  ['armel', 'arm'],
  ['armv7', 'arm'],
  ['armv7hl', 'arm'],
  ['ppc64el', 'ppc64le'],
])

const plain = new Set(['amd64', 'arm64', 's390x', 'ppc64le', 'riscv64', '386', 'arm', 'loong64', 'mips64le'])

/** An architecture by its OCI (GOARCH) name; undefined for "all", "noarch", "src" and what is not known. */
export function ociArchitecture(name: string): string | undefined {
  return architectures.get(name) ?? (plain.has(name) ? name : undefined)
}
