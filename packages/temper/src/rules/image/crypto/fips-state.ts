import { type OpensslConfig, parseOpensslConfig } from '../../../formats/openssl-config.ts'
import { absolutePath } from '../../../model/rule.ts'
import type { FileTree, TreeNode } from '../../../model/tree/file-tree.ts'

/** Where OpenSSL looks, as distributions build it and as it builds itself (OPENSSLDIR). */
const places = [
  'usr/lib/ssl/openssl.cnf',
  'etc/ssl/openssl.cnf',
  'etc/pki/tls/openssl.cnf',
  'usr/local/ssl/openssl.cnf',
]

/** The FIPS modules of an image, and whether OpenSSL uses one of them alone. */
export interface FipsState {
  /** FIPS modules of OpenSSL, by path. */
  readonly modules: readonly TreeNode[]
  /** What keeps OpenSSL from using one of them alone, as phrases; empty when nothing does. */
  readonly missing: readonly string[]
}

export interface FipsOptions {
  /** OPENSSL_CONF of the image. */
  readonly configuration?: string
}

/**
 * Follows OpenSSL from its configuration to the module, and compares the module with the checksum that it should
 * have.
 */
export function fipsState(
  root: Pick<FileTree, 'resolve' | 'nodes'>,
  { configuration }: FipsOptions = {},
): FipsState {
  const modules = [...root.nodes()].filter((node) => node.fipsModule !== undefined)
  if (modules.length === 0) return { modules, missing: ['the module fips.so is not there'] }
  const file = configurationOf(root, configuration)
  if (file === undefined)
    return {
      modules,
      missing: [`nothing loads it: ${configuration ?? absolutePath(places[0] ?? '')} is not there`],
    }
  const name = absolutePath(file.path)
  if (file.content === undefined) return { modules, missing: [`what ${name} says is not known`] }
  const config = parseOpensslConfig(textOf(file), (path) => included(root, path))
  return { modules, missing: faultsOf(config, { modules, name }) }
}

function configurationOf(
  root: Pick<FileTree, 'resolve'>,
  configuration: string | undefined,
): TreeNode | undefined {
  const candidates = configuration === undefined ? places : [configuration.replace(/^\/+/, '')]
  for (const path of candidates) {
    const node = root.resolve(path)
    if (node?.type === 'file') return node
  }
  return undefined
}

function textOf({ content = new Uint8Array() }: TreeNode): string {
  return Buffer.from(content).toString('utf8')
}

/** Relative paths are from the working folder of the program, which nobody knows. */
function included(root: Pick<FileTree, 'resolve'>, path: string): readonly string[] {
  const node = path.startsWith('/') ? root.resolve(path.slice(1)) : undefined
  return node?.type === 'file' ? [textOf(node)] : []
}

const yes = /^(?:1|yes|true|on)$/i

function faultsOf(
  config: OpensslConfig,
  { modules, name }: { readonly modules: readonly TreeNode[]; readonly name: string },
): readonly string[] {
  const start = config.get(config.get('default')?.get('openssl_conf') ?? '')
  const providers = [...(config.get(start?.get('providers') ?? '') ?? [])]
  const sectionOf = (wanted: string) => {
    const entry = providers.find(
      ([key, section]) => (config.get(section)?.get('identity') ?? afterDot(key)) === wanted,
    )
    return entry === undefined ? undefined : (config.get(entry[1]) ?? new Map<string, string>())
  }
  const isActive = (section: ReadonlyMap<string, string> | undefined) =>
    yes.test(section?.get('activate') ?? '')
  const fips = sectionOf('fips')
  if (fips === undefined) return [`${name} does not load it`]
  if (!isActive(fips)) return [`${name} does not activate it`]
  const mac = fips.get('module-mac')?.replaceAll(':', '').toLowerCase()
  if (mac === undefined) return ['it was not installed: there is no checksum of it (module-mac)']
  if (!modules.some(({ fipsModule }) => fipsModule?.mac === mac))
    return [
      'the checksum that it was installed with (module-mac) is that of other bytes, so that it refuses to load',
    ]
  const properties = config.get(start?.get('alg_section') ?? '')?.get('default_properties') ?? ''
  const isStrict = /(?:^|,)\s*fips\s*=\s*yes\s*(?:,|$)/i.test(properties)
  return isActive(sectionOf('default')) && !isStrict
    ? [`${name} activates the usual code beside it, and does not ask for fips=yes`]
    : []
}

/** A key may carry a prefix to make it unique: `1.fips`. */
function afterDot(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1)
}
