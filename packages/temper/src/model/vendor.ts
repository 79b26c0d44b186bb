import { codenames } from './codename.ts'
import type { Component, Distribution } from './inventory.ts'

/** Makers of packages by what they put into versions; none of it is in any version of Debian or Ubuntu. */
const versionMarks: readonly (readonly [RegExp, string])[] = [
  [/nodesource/, 'NodeSource'],
  [/[.+~]pgdg|PGDG\b/, 'PostgreSQL'],
  [/sury\.org/, 'Sury'],
  [/\+maria~/, 'MariaDB'],
  [/~(?:debian|ubuntu)\.\d+(?:\.\d+)?~/, 'Docker'],
  [/-\d+debian1\d$/, 'MySQL'],
  [/~ppa\d|ppa\d+$/, 'PPA'],
  [/\+rp[ti]\d/, 'Raspberry Pi'],
  [/\.remi(?:\.|$)/, 'Remi'],
  // "-1~bookworm", "+ubuntu22.04.1+…": archives that build one version for several releases.
  [new RegExp(`[~+.-](?:${codenames.join('|')})\\d*(?:[.~+]|$)`), 'another archive'],
]

/** Any of them: nearly no version has one. */
const anyMark = new RegExp(versionMarks.map(([mark]) => mark.source).join('|'))

/** Makers of Debian packages by the address of their maintainer. */
const addresses: Readonly<Record<string, string>> = {
  'chromium.org': 'Google',
  'confluent.io': 'Confluent',
  'datadoghq.com': 'Datadog',
  'docker.com': 'Docker',
  'elastic.co': 'Elastic',
  'gitlab.com': 'GitLab',
  'grafana.com': 'Grafana',
  'hashicorp.com': 'HashiCorp',
  'influxdata.com': 'InfluxData',
  'mariadb.com': 'MariaDB',
  'microsoft.com': 'Microsoft',
  'mongodb.com': 'MongoDB',
  'newrelic.com': 'New Relic',
  'nginx.com': 'NGINX',
  'nodesource.com': 'NodeSource',
  'oracle.com': 'Oracle',
  'percona.com': 'Percona',
  'redis.com': 'Redis',
}

/** What rpm's Vendor says in packages of a distribution itself, by ID of os-release(5). */
const rpmVendors: Readonly<Record<string, RegExp>> = {
  almalinux: /alma|cloudlinux/i,
  amzn: /amazon/i,
  azurelinux: /microsoft/i,
  centos: /centos|red hat/i,
  fedora: /fedora/i,
  mageia: /mageia/i,
  mariner: /microsoft/i,
  ol: /oracle/i,
  openeuler: /openeuler/i,
  'opensuse-leap': /suse/i,
  'opensuse-tumbleweed': /suse/i,
  photon: /vmware|broadcom/i,
  rhel: /red hat/i,
  rocky: /rocky/i,
  sled: /suse/i,
  sles: /suse/i,
}

/** Namespaces of package URLs that stand for distributions. */
const distributions = new Set([
  ...[
    'almalinux',
    'alma',
    'alpine',
    'alpaquita',
    'amazon',
    'amazonlinux',
    'amzn',
    'azurelinux',
    'cbl-mariner',
  ],
  ...['centos', 'chainguard', 'debian', 'devuan', 'echo', 'fedora', 'kali', 'linuxmint', 'mageia', 'mariner'],
  ...[
    'minimos',
    'ol',
    'openeuler',
    'opensuse',
    'opensuse-leap',
    'opensuse-tumbleweed',
    'oracle',
    'oraclelinux',
  ],
  ...[
    'photon',
    'raspbian',
    'redhat',
    'rhel',
    'rocky',
    'rockylinux',
    'sled',
    'sles',
    'sle_hpc',
    'suse',
    'ubuntu',
  ],
  ...['wolfi', 'bellsoft-hardened-containers'],
])

/** The facts that show who made a package. */
export interface MadePackage extends Pick<Component, 'type' | 'version'> {
  /** Debian's Maintainer, rpm's Vendor. */
  readonly supplier?: string
  /** Paths of regular files without leading slash. */
  readonly files?: readonly string[]
}

/**
 * Who made a package, if not the distribution it is installed on, whose records do not cover it then. Undefined when
 * nothing shows that. It is recognised by marks in versions, by the maintainer's address, by rpm's Vendor, and by
 * files where no distribution may put any (Debian Policy 9.1.1, 9.1.2).
 */
export function vendorOf(made: MadePackage, distribution: Distribution | undefined): string | undefined {
  const { type, version, supplier, files } = made
  if (type !== 'deb' && type !== 'rpm') return undefined
  if (anyMark.test(version)) return versionMarks.find(([mark]) => mark.test(version))?.[1]
  if (type === 'rpm') return rpmVendor(supplier, distribution)
  const host = /@(?:[a-z0-9-]+\.)*?([a-z0-9-]+\.[a-z]+)\s*(?:[>)]\s*)?$/i
    .exec(supplier ?? '')?.[1]
    ?.toLowerCase()
  if (host !== undefined && Object.hasOwn(addresses, host)) return addresses[host]
  return files?.some((path) => /^(?:opt|usr\/local)\//.test(path)) === true ? 'another vendor' : undefined
}

function rpmVendor(supplier: string | undefined, distribution: Distribution | undefined): string | undefined {
  const id = distribution?.id ?? ''
  const own = Object.hasOwn(rpmVendors, id) ? rpmVendors[id] : undefined
  return own === undefined || supplier === undefined || own.test(supplier) ? undefined : supplier
}

/** A vendor as the namespace of a package URL: "nodesource". */
export function vendorNamespace(vendor: string): string {
  const text = vendor.toLowerCase().replace(/\b(?:inc|llc|ltd|gmbh|corporation|project)\b\.?/g, '')
  return text.replace(/[^a-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'vendor'
}

/** The vendor that the namespace of a package URL names; undefined for distributions and where there is none. */
export function namespaceVendor(namespace: string | undefined): string | undefined {
  return namespace === undefined || distributions.has(namespace.toLowerCase()) ? undefined : namespace
}
