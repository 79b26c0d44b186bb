import { memberOf } from '../../base/json/value.ts'
import { distributions } from '../../model/recipe.ts'
import type { RecipePath } from '../document/problem.ts'
import type { Draft } from './draft.ts'

/** Translates the parts of an apko configuration that recipes write differently. */
export function translateApko(draft: Draft, releases: readonly string[] = distributions): void {
  repositories(draft, releases)
  entrypoint(draft)
  certificates(draft)
  links(draft)
  asked(draft)
  folders(draft)
  base(draft)
  twice(draft)
  layers(draft)
  const source = draft.get(['vcs-url'])
  if (typeof source === 'string')
    draft.put(['annotations', 'org.opencontainers.image.source'], draft.take(['vcs-url']), ['vcs-url'])
  leaveAll(draft, {
    'contents.runtime_repositories': noManager,
    'contents.runtime_keyring': noManager,
    'contents.baseimage': 'name the image as base: by its digest, or as oci: and the folder of its layout',
    'contents.builds':
      'write it as a step of the recipe, which runs in a sandbox without network: fetched files are its inputs, each with a checksum',
    'contents.artifacts':
      'files of another image come from that image: name it as base, by its digest, or take them from packages',
    options: 'options are replaced by variants: write what an option changes as a variant',
  })
  tools(draft)
  rootUser(draft)
}

const noManager = 'it is for a package manager in the image, which runs none'

function leaveAll(draft: Draft, reasons: Readonly<Record<string, string>>): void {
  for (const [key, reason] of Object.entries(reasons)) {
    const path = key.split('.')
    if (draft.get(path) !== undefined) draft.leave(path, reason)
  }
}

const alpine = /^(?:@\S+\s+)?https?:\/\/[^/]+\/(?:.*\/)?(edge|v\d+\.\d+)\/(main|community|testing)\/?$/
const wolfi = /^https:\/\/packages\.wolfi\.dev\/os\/?$/

/** Repositories of a release that Temper knows become the distribution; others stay as they are. */
function repositories(draft: Draft, releases: readonly string[]): void {
  for (const [path, text] of draft.entries(['contents', 'build_repositories']))
    draft.append(['contents', 'repositories'], text, path)
  draft.take(['contents', 'build_repositories'])
  for (const [path, text] of draft.entries(['contents', 'repositories'])) {
    if (typeof text !== 'string') continue
    if (wolfi.test(text)) takeRelease(draft, path, releases.includes('wolfi') ? 'wolfi' : undefined)
    const [, branch, component] = alpine.exec(text) ?? []
    if (branch === undefined || text.startsWith('@')) continue
    const release = `alpine-${branch.slice(1)}`
    if (branch === 'edge' || !releases.includes(release)) takeNewest(draft, path, { branch, releases })
    else if (component === 'testing') draft.leave(path, 'there is no testing in a release')
    else takeRelease(draft, path, release)
  }
  for (const [path, key] of draft.entries(['contents', 'keyring']))
    if (typeof key === 'string' && /\/(?:alpine-devel@|wolfi-signing)/.test(key)) draft.take(path)
}

function takeRelease(draft: Draft, path: RecipePath, release: string | undefined): void {
  if (release === undefined)
    draft.leave(path, 'this distribution is not among those that images are built from')
  else {
    draft.put(['distribution'], release, path)
    draft.take(path)
  }
}

function takeNewest(
  draft: Draft,
  path: RecipePath,
  { branch, releases }: { readonly branch: string; readonly releases: readonly string[] },
): void {
  const newest = releases.find((id) => id.startsWith('alpine-'))
  if (newest === undefined) return
  draft.put(['distribution'], newest, path)
  draft.leave(
    path,
    `images are built from releases, and ${branch} is none of those: packages come from ${newest}`,
  )
}

function entrypoint(draft: Draft): void {
  const entry = draft.get(['entrypoint'])
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return
  const { type, command, services, 'shell-fragment': fragment } = entry as Record<string, unknown>
  if (typeof services === 'object' && services !== null) {
    const [first, ...others] = Object.entries(services)
    const [name, value] = first ?? []
    if (name === undefined || others.length > 0 || typeof value !== 'string')
      draft.leave(['entrypoint'], 'one container runs one program: choose one of the services')
    else draft.put(['entrypoint'], value, ['entrypoint', 'services', name])
  } else if (typeof fragment === 'string') {
    draft.put(['entrypoint'], ['/bin/sh', '-c', fragment], ['entrypoint', 'shell-fragment'])
  } else if (command !== undefined && type !== undefined) draft.take(['entrypoint', 'type'])
}

function certificates(draft: Draft): void {
  const value = draft.get(['certificates'])
  // A list is what recipes have themselves.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const additional = draft.entries(['certificates', 'additional'])
  const pems = additional.flatMap(([path, entry]) => {
    const content = memberOf(entry, 'content')
    return typeof content === 'string' ? [[path, content] as const] : []
  })
  for (const key of Object.keys(value))
    if (key !== 'additional')
      draft.leave(['certificates', key], 'name the certificates themselves under certificates')
  // What is named already is not named once more by the empty mapping that it left.
  if (draft.get(['certificates', 'additional']) === undefined) draft.take(['certificates'])
  if (pems.length === 0 || pems.length !== additional.length) return
  draft.put(['certificates'], [], ['certificates'])
  for (const [path, content] of pems) draft.append(['certificates'], content, path)
}

/** What is asked for is not kept out, and asked for once: with a version where it is asked for with and without one. */
function asked(draft: Draft): void {
  const packages = draft.entries(['contents', 'packages'])
  const named = Map.groupBy(packages, ([, text]) => String(text).replace(/[=<>~@].*$/, ''))
  for (const [path, text] of packages)
    if (typeof text === 'string' && text.startsWith('!') && named.has(text.slice(1))) draft.take(path)
  for (const [name, requests] of named) {
    const pinned = requests.find(([, text]) => text !== name) ?? requests[0]
    for (const [path, text] of requests)
      if (path !== pinned?.[0] && (text === name || text === pinned?.[1])) draft.take(path)
  }
}

/** Folders are named without a slash at their end. */
function folders(draft: Draft): void {
  const named = [
    ['work-dir'],
    ...draft
      .entries(['paths'])
      .flatMap(([path, entry]) => (memberOf(entry, 'path') === undefined ? [] : [[...path, 'path']])),
  ]
  for (const path of named) {
    const at = draft.get(path)
    if (typeof at !== 'string' || !/[^/]\/+$/.test(at)) continue
    draft.take(path)
    draft.put(path, at.replace(/\/+$/, ''), path)
  }
}

/** The folder of a layout to begin with; what is installed in it is read from itself, so that its index is not needed. */
function base(draft: Draft): void {
  const from = ['contents', 'baseimage']
  const folder = memberOf(draft.get(from), 'image')
  if (typeof folder !== 'string' || draft.get(['base']) !== undefined) return
  draft.put(['base'], `oci:${folder}`, [...from, 'image'])
  draft.take([...from, 'image'])
  draft.take([...from, 'apkindex'])
  if (Object.keys(draft.get(from) ?? {}).length === 0) draft.take(from)
}

/** An account that is written twice, word for word, is one; of two folders at one path the second decides. */
function twice(draft: Draft): void {
  for (const kind of ['users', 'groups']) {
    const seen = new Set<string>()
    for (const [path, entry] of draft.entries(['accounts', kind])) {
      const text = JSON.stringify(entry)
      if (seen.has(text)) draft.take(path)
      seen.add(text)
    }
  }
  const first = new Map<string, RecipePath>()
  for (const [path, entry] of draft.entries(['paths'])) {
    const at = memberOf(entry, 'path')
    if (memberOf(entry, 'type') !== 'directory' || typeof at !== 'string') continue
    const earlier = first.get(at)
    if (earlier === undefined) first.set(at, path)
    else draft.put(earlier, draft.take(path), path)
  }
}

/** A second name of a package's file would cross layers: a link says the same. */
function links(draft: Draft): void {
  for (const [path, entry] of draft.entries(['paths'])) {
    if ((entry as { readonly type?: unknown } | null)?.type !== 'hardlink') continue
    const { path: at, source } = entry as Readonly<Record<string, unknown>>
    for (const key of ['type', 'path', 'source', 'uid', 'gid', 'permissions']) draft.take([...path, key])
    draft.put([...path, 'type'], 'symlink', path)
    draft.put([...path, 'path'], at, path)
    draft.put([...path, 'source'], source, path)
  }
}

function layers(draft: Draft): void {
  if (draft.get(['output']) === 'squashed') draft.put(['output'], { layers: 1 }, ['output'])
  const budget = draft.get(['layering', 'budget'])
  if (typeof budget === 'number') draft.put(['output', 'layers'], budget, ['layering', 'budget'])
  if (draft.get(['layering']) !== undefined) draft.take(['layering'])
}

/** What images are kept free of, unless a recipe says why: by the packages that bring it. */
const relaxed: readonly (readonly [rule: string, packages: ReadonlySet<string>])[] = [
  ['shell', new Set(['busybox', 'bash', 'dash', 'zsh', 'alpine-base', 'wolfi-base', 'busybox-binsh'])],
  ['package-manager', new Set(['apk-tools', 'alpine-base', 'wolfi-base'])],
  ['compiler', new Set(['build-base', 'gcc', 'g++', 'clang', 'go', 'rust', 'binutils'])],
]

function tools(draft: Draft): void {
  const names = draft
    .entries(['contents', 'packages'])
    .map(([, name]) => String(name).replace(/[=<>~@].*$/, ''))
  for (const [rule, packages] of relaxed) {
    const asked = names.find((name) => packages.has(name))
    if (asked !== undefined)
      draft.append(['hardening', 'allow'], { rule, why: `the configuration asks for ${asked}` }, [
        'contents',
        'packages',
      ])
  }
}

/** A recipe runs as root for a reason that it gives. */
function rootUser(draft: Draft): void {
  const path = ['accounts', 'run-as']
  const user = draft.get(path)
  if (user !== 'root' && String(user) !== '0') return
  const why = 'the configuration runs as root'
  draft.append(['hardening', 'allow'], { rule: 'root-user', why }, path)
}
