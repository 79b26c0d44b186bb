import type { PackageUrl } from '../../../formats/purl/purl.ts'
import { releaseOfCodename } from '../../../model/codename.ts'
import type { Distribution } from '../../../model/inventory.ts'

/** Names of distributions, as tools and people write them, that os-release(5) names otherwise. */
const ids = new Map([
  ['redhat', 'rhel'],
  ['alma', 'almalinux'],
  ['amazon', 'amzn'],
  ['oracle', 'ol'],
  ['cbl-mariner', 'mariner'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['suse linux enterprise server', 'sles'],
  ['red hat', 'rhel'],
  ['red hat enterprise linux', 'rhel'],
  ['red hat enterprise linux server', 'rhel'],
  ['amazon linux', 'amzn'],
  ['amazon linux ami', 'amzn'],
  ['oracle linux', 'ol'],
  ['oracle linux server', 'ol'],
  ['centos linux', 'centos'],
  ['centos stream', 'centos'],
  ['rocky linux', 'rocky'],
  ['debian gnu/linux', 'debian'],
  ['alpine linux', 'alpine'],
  ['fedora linux', 'fedora'],
  ['azure linux', 'azurelinux'],
  ['microsoft azure linux', 'azurelinux'],
  ['photon os', 'photon'],
  ['vmware photon os', 'photon'],
  ['vmware photon os/linux', 'photon'],
  ['vmware', 'photon'],
])

/** Whether a word is what Trivy or apko write for a distribution that they could not determine. */
export function isUnknownSystem(name: string): boolean {
  return name === 'none' || name === 'unknown'
}

/** The os-release(5) ID for a tool's name of a distribution. */
export function distributionId(name: string): string {
  const lower = name.toLowerCase()
  return ids.get(lower) ?? lower.replaceAll(' ', '-')
}

/** Types of packages that are part of a distribution. */
const systemTypes = new Set(['deb', 'apk', 'rpm'])

/**
 * The distribution that a purl names, as far as it does. The `distro` qualifier has many forms: "debian-12",
 * "opensuse-leap-15.5", "wolfi", a code name alone as in the examples of purl-spec ("jessie"), a number alone. Docker
 * writes `os_name`, `os_version` and `os_distro`, the code name. Without any of them the namespace gives the
 * distribution, with an empty version.
 */
export function purlDistribution({ type, namespace, qualifiers = {} }: PackageUrl): Distribution | undefined {
  if (!systemTypes.has(type)) return undefined
  const { distro, os_name: name, os_version: version, os_distro: codename } = qualifiers
  if (distro !== undefined && !isUnknownSystem(distro)) return distributionNamed(distro, namespace)
  const id = name ?? namespace ?? (codename === undefined ? undefined : releaseOfCodename(codename)?.id)
  if (id === undefined || isUnknownSystem(id)) return undefined
  return released({ id: distributionId(id), version: version ?? '' }, codename)
}

/** The distribution that a text names; where the text names only a release, `namespace` says whose it is. */
export function distributionNamed(text: string, namespace: string | undefined): Distribution | undefined {
  const [, id, version] = /^([a-z].*?)[-:/ ]v?(\d.*)$/i.exec(text) ?? []
  if (id !== undefined && version !== undefined) return { id: distributionId(id), version }
  const vendor = namespace === undefined ? undefined : distributionId(namespace)
  if (/^v?\d/.test(text))
    return vendor === undefined ? undefined : { id: vendor, version: text.replace(/^v/, '') }
  const codenamed = text.toLowerCase().replace(/^(?:debian|ubuntu)[-:/]/, '')
  const release = releaseOfCodename(codenamed)
  if (release !== undefined) return { ...release, codename: codenamed }
  if (vendor === undefined || vendor === distributionId(text))
    return { id: distributionId(text), version: '' }
  const codename = text.toLowerCase().startsWith(`${vendor}-`) ? text.slice(vendor.length + 1) : text
  return released({ id: vendor, version: '' }, codename)
}

/** With the version that a code name stands for. */
function released({ id, version }: Distribution, codename: string | undefined): Distribution {
  if (codename === undefined) return { id, version }
  const release = releaseOfCodename(codename)
  return { id, version: version === '' && release?.id === id ? release.version : version, codename }
}

/** Distributions whose packages are of nobody else. */
const distinct = new Set([
  'almalinux',
  'alpine',
  'amzn',
  'debian',
  'fedora',
  'ol',
  'rhel',
  'rocky',
  'sles',
  'ubuntu',
])

/**
 * The distribution of one package in a document about `whole`: undefined when it is the same as `whole`. A package
 * whose purl names no release belongs to the document's distribution, unless the two are known to differ.
 */
export function ownDistribution(
  own: Distribution | undefined,
  whole: Distribution | undefined,
): Distribution | undefined {
  if (own === undefined || whole === undefined || saysRelease(own)) return own
  return own.id !== whole.id && distinct.has(own.id) && distinct.has(whole.id) ? own : undefined
}

/** Whether it also states a release, not only a distribution. */
export function saysRelease({ version, codename }: Distribution): boolean {
  return version !== '' || codename !== undefined
}

export function sameDistribution(a: Distribution | undefined, b: Distribution | undefined): boolean {
  if (a?.id !== b?.id || a?.version !== b?.version) return false
  return a?.version !== '' || a.codename === b?.codename
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
