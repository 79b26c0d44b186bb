import { folderAddress } from '../../base/http/folders.ts'
import type { Architecture } from '../../model/platform.ts'
import type { RepositoryRequest } from '../../model/recipe.ts'
import { show } from '../document/problem.ts'

/** A repository as written, before its name is decided. */
export interface RepositoryParts {
  readonly name?: string | undefined
  readonly address: string
  readonly suite?: string | undefined
  readonly components: readonly string[]
  readonly architectures?: readonly Architecture[]
  readonly tagged?: true
  readonly key?: string | undefined
  readonly fingerprint?: string | undefined
}

/**
 * Reads a line of apk's repositories file, `[@TAG] ADDRESS` (apk-repositories(5)), or of apt's sources.list(5):
 * `deb [signed-by=…] ADDRESS SUITE COMPONENT…`; a suite that ends in a slash is the folder of a flat repository, which has
 * no components. An absolute
 * `signed-by` path, as DHI definitions have it, means the keyring of the recipe. Returns a text that says
 * what is wrong otherwise.
 */
export function parseRepositoryLine(line: string): RepositoryParts | string {
  const [, tag, plain] =
    /^(?:@([a-z0-9][a-z0-9.-]{0,63})\s+)?((?:https?:|file:|\.?\/)\S+)\s*$/.exec(line) ?? []
  if (plain !== undefined) {
    return { address: plain, components: [], ...(tag === undefined ? {} : { name: tag, tagged: true }) }
  }
  const match = /^deb(?:\s+\[([^\]]*)\])?\s+(\S+)\s+(\S+)((?:\s+\S+)*)\s*$/.exec(line)
  const [, options, address, suite, rest] = match ?? []
  if (address === undefined || suite === undefined)
    return `expected "deb [signed-by=KEY] ADDRESS SUITE COMPONENT…", or the address of a repository of apk, found ${show(line)}`
  const components = (rest ?? '').split(/\s+/).filter((word) => word !== '')
  let key: string | undefined
  let fingerprint: string | undefined
  let architectures: readonly Architecture[] | undefined
  for (const option of (options ?? '').split(/\s+/).filter((word) => word !== '')) {
    const [, name, value = ''] = /^([^=]*)=(.*)$/.exec(option) ?? []
    if (name === 'signed-by' && /^[0-9A-Fa-f]{40,64}!?$/.test(value)) fingerprint = value.replace('!', '')
    else if (name === 'signed-by') key = value.startsWith('/') ? undefined : value
    else if (name === 'arch') architectures = architecturesOf(value)
    else
      return `the option "${option.slice(0, 60)}" is not supported here; only signed-by and arch are, and every repository must be signed`
  }
  return {
    address,
    suite,
    components,
    key,
    fingerprint,
    ...(architectures === undefined ? {} : { architectures }),
  }
}

/** Of a list with commas, those that images can be for: a line for none of them has nothing to offer. */
function architecturesOf(list: string): readonly Architecture[] {
  const names = list.split(',')
  return (['amd64', 'arm64'] as const).filter((name) => names.includes(name))
}

/** Checks address, suite, components and fingerprint; returns what is wrong, or the request. */
export function repositoryRequest(parts: RepositoryParts): RepositoryRequest | string {
  const address = checkAddress(parts.address)
  if (typeof address === 'string') return address
  const suite = parts.suite === undefined ? undefined : suiteOf(parts.suite)
  if (parts.suite !== undefined && suite === undefined)
    return `expected a suite like "trixie", or a folder like "./" for a flat repository, found ${show(parts.suite)}`
  const flat = suite?.endsWith('/') === true
  if (flat && parts.components.length > 0)
    return `the suite ${show(parts.suite)} ends in a slash: such a flat repository has no components, found ${show(parts.components[0])}`
  const components = parts.components.length > 0 || flat ? parts.components : ['main']
  const wrong = components.find((name) => !/^[A-Za-z0-9][A-Za-z0-9+._/-]*$/.test(name) || name.includes('..'))
  if (wrong !== undefined) return `expected a component like "main", found ${show(wrong)}`
  const fingerprint = parts.fingerprint?.replaceAll(' ', '').toUpperCase()
  if (fingerprint !== undefined && !/^([0-9A-F]{40}|[0-9A-F]{64})$/.test(fingerprint))
    return `expected a fingerprint of 40 or 64 hex digits, found ${show(parts.fingerprint)}`
  return {
    name: parts.name ?? nameOf(address),
    address: address.href.replace(/\/+$/, ''),
    ...(suite === undefined ? {} : { suite }),
    components,
    ...(parts.architectures === undefined ? {} : { architectures: parts.architectures }),
    ...(parts.tagged === undefined ? {} : { tagged: parts.tagged }),
    ...(parts.key === undefined ? {} : { key: parts.key }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  }
}

/**
 * A folder of a flat repository keeps the slash at its end, and has "./" for the top alone; undefined: it is no suite.
 */
function suiteOf(text: string): string | undefined {
  if (/^(?:\.?\/)+$/.test(text)) return './'
  const suite = text.endsWith('/') ? text.replace(/^(?:\.?\/)+/, '') : text
  if (!/^[A-Za-z0-9][A-Za-z0-9+._/~-]*$/.test(suite) || /\/\/|(?:^|\/)\.{1,2}(?:\/|$)/.test(suite))
    return undefined
  return suite
}

function checkAddress(text: string): URL | string {
  if (/^(?:\.{0,2}\/|file:)/.test(text)) {
    const folder = folderAddress(text)
    if (folder !== undefined) return new URL(folder)
    return `expected a folder like "./packages", which stays in the recipe's, or "/srv/debian", found ${show(text)}`
  }
  if (!URL.canParse(text))
    return `expected an address like "https://packages.example/debian", found ${show(text)}`
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    return 'credentials do not belong in a recipe: put them into a netrc file'
  if (!['http:', 'https:'].includes(url.protocol))
    return `expected an http or https address, found "${url.protocol}"`
  if (url.search !== '' || url.hash !== '') return 'the address of a repository has no "?" and no "#"'
  return url
}

/** "https://packages.example/debian/" → "packages.example-debian". */
function nameOf(url: URL): string {
  const path = url.pathname.split('/').filter((part) => part !== '')
  const name = [url.host, ...path].join('-').toLowerCase()
  return (
    name
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replace(/^[-.]+/, '')
      .slice(0, 100) || 'local'
  )
}
