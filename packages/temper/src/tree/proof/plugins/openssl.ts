import { type OpensslConfig, parseOpensslConfig } from '../../../formats/openssl-config.ts'
import type { NeedFault } from '../need.ts'
import { type PluginCheck, type PluginConfiguration, readConfiguration, requirePlugin } from '../plugin.ts'
import { type ProofSubject, resolveFile } from '../subject.ts'

/** Where Debian's libcrypto looks (OPENSSLDIR, MODULESDIR and ENGINESDIR of its build). */
const defaultConfiguration = 'usr/lib/ssl/openssl.cnf'

/** Providers inside libcrypto (OSSL_PROVIDER(7)); "legacy" and "fips" are modules. */
const builtInProviders = new Set(['default', 'base', 'null'])
const builtInEngines = new Set(['dynamic', 'rdrand', 'openssl'])

/** Providers and engines that openssl.cnf activates (config(5ssl)). */
export const openssl: PluginCheck = {
  id: 'openssl',
  reads: (path) => /^(etc\/ssl|usr\/lib\/ssl)\/([^/]+\/)?[^/]+\.(cnf|conf)$/.test(path),
  *check(subject) {
    const { loader, recipe, root } = subject
    if (!resolveFile(root, `${loader.libraries}/libcrypto.so.3`)) return
    const path = recipe.environment['OPENSSL_CONF'] ?? defaultConfiguration
    const configuration = yield* readConfiguration(subject, path)
    if (!configuration) return
    const config = parseOpensslConfig(configuration.text, (name) => includedTexts(subject, name))
    const start = config.get(config.get('default')?.get('openssl_conf') ?? '')
    const context = { subject, config, configuration }
    yield* checkProviders(config.get(start?.get('providers') ?? ''), context)
    yield* checkEngines(config.get(start?.get('engines') ?? ''), context)
  },
}

interface Context {
  readonly subject: ProofSubject
  readonly config: OpensslConfig
  readonly configuration: PluginConfiguration
}

type Section = ReadonlyMap<string, string> | undefined

function* checkProviders(list: Section, { subject, config, configuration }: Context): Generator<NeedFault> {
  const folder = subject.recipe.environment['OPENSSL_MODULES'] ?? `${subject.loader.libraries}/ossl-modules`
  for (const [key, sectionName] of list ?? []) {
    const section = config.get(sectionName)
    if (!/^(1|yes|on|true)$/i.test(section?.get('activate') ?? '0')) continue
    const name = section?.get('identity') ?? afterDot(key)
    const module = section?.get('module')
    if (module === undefined && builtInProviders.has(name)) continue
    const candidates = [moduleFile(module ?? name, folder)]
    yield* requirePlugin(subject, { node: configuration.node, name, candidates })
  }
}

function* checkEngines(list: Section, { subject, config, configuration }: Context): Generator<NeedFault> {
  const folder = subject.recipe.environment['OPENSSL_ENGINES'] ?? `${subject.loader.libraries}/engines-3`
  for (const [key, sectionName] of list ?? []) {
    const section = config.get(sectionName)
    const name = section?.get('engine_id') ?? afterDot(key)
    const path = section?.get('dynamic_path')
    if (path === undefined && builtInEngines.has(name)) continue
    yield* requirePlugin(subject, {
      node: configuration.node,
      name,
      candidates: [moduleFile(path ?? name, folder)],
    })
  }
}

/** A key may carry a prefix to make it unique: `1.legacy`. */
function afterDot(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1)
}

function moduleFile(name: string, folder: string): string {
  const file = name.endsWith('.so') ? name : `${name}.so`
  return file.startsWith('/') ? file : `${folder}/${file}`
}

/** The text of a file, or of every .cnf and .conf file of a folder; nothing for what is not there. */
function includedTexts({ root, read }: ProofSubject, path: string): string[] {
  const node = root.resolve(path)
  if (!node) return []
  const paths =
    node.type === 'directory'
      ? root
          .list(node.path)
          .filter((name) => /\.(cnf|conf)$/.test(name))
          .map((name) => `${node.path}/${name}`)
      : [node.path]
  return paths.flatMap((name) => {
    const file = resolveFile(root, name)
    return (file && read(file)) ?? []
  })
}
