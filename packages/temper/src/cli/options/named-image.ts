import { resolve } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { Reference } from '../../model/reference.ts'
import { formatReference, isDaemon, isHostless, parseReference } from '../../oci/reference.ts'
import type { Host } from '../host.ts'
import { type FoundPath, foundAt } from './found-path.ts'

/** What naming needs of an invocation. */
export interface NamingContext {
  readonly host: Pick<Host, 'workingDir' | 'readInput'>
  /** Tells the person what a short name was taken for. */
  say(text: string): void
}

/** Prefixes that say where something is; what follows is taken as it stands. */
const explicit = /^(?:oci|oci-archive|docker-archive|docker|podman|containerd):/

/** How other programs call what Temper calls otherwise: Syft, Grype, skopeo and Docker Scout. The longer ones come first. */
const others: Readonly<Record<string, string>> = {
  'oci-dir://': 'oci:',
  'oci-dir:': 'oci:',
  'docker-daemon:': 'docker:',
  'containers-storage:': 'podman:',
  'registry://': 'docker://',
  'registry:': 'docker://',
  'image://': 'docker://',
  'local://': 'docker:',
  'archive://': '',
  'sbom://': 'sbom:',
  'fs://': 'dir:',
  'file:': '',
}

/** Targets of other programs that Temper does not read, and the line to type. */
const unread: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [
    /^(?:https?|git|ssh):\/\/|^git@/,
    'Clone the repository, and write dir:FOLDER; an image is named without https://: HOST/NAME:TAG',
  ],
  [/^singularity:|\.sif$/, 'Make an archive of it, or scan the image that it was made from: HOST/NAME:TAG'],
  [/^purl:/, 'Package URLs can be targets, also several: xargs temper scan < FILE'],
  [/^(?:ami|ebs):/, 'Mount the disk, and write dir:FOLDER'],
]

/**
 * The image that a person named: a reference, the path of a layout or archive that is there, or a short name such as
 * "nginx:1.27", which means what it means to Docker. Throws `bad-reference`, and `not-found` for a path that is not
 * there.
 */
export async function namedImage(text: string, context: NamingContext): Promise<Reference> {
  const written = withoutOthers(text)
  refuseFolder(written)
  if (explicit.test(written)) return parseReference(written)
  const place = await pathAt(written, context)
  if (place === undefined) return registryImage(written, context)
  const { kind } = place
  if (kind === 'oci' || kind === 'oci-archive' || kind === 'docker-archive')
    return parseReference(`${kind}:${written}`)
  throw new TemperError('bad-reference', `"${printableLine(written)}" is ${articled[kind]}, not an image`, {
    hint: `Expected an image layout, an archive of an image, or a name in a registry.`,
  })
}

const articled = { dir: 'a folder', sbom: 'a bill of materials', lock: 'a lock' } as const

/** The same for what is written to: nothing is guessed from a short name, and daemons take nothing. */
export function writtenImage(text: string): Reference {
  const written = withoutOthers(text)
  refuseFolder(written)
  const reference = parseReference(written)
  if (!isDaemon(reference)) return reference
  throw new TemperError('bad-reference', `Temper cannot write images to ${reference.kind}`, {
    hint: 'Write an archive and load it: docker-archive:image.tar, then docker load -i image.tar.',
  })
}

/** The text as Temper writes it, when it starts as another program would write it. */
export function withoutOthers(text: string): string {
  const answer = unread.find(([pattern]) => pattern.test(text))?.[1]
  if (answer !== undefined)
    throw new TemperError('bad-reference', `Temper does not read ${printableLine(text, { most: 200 })}`, {
      hint: answer,
    })
  const theirs = Object.keys(others).find((prefix) => text.startsWith(prefix) && !/^\w+:\d+\//.test(text))
  if (theirs === undefined) return text
  const rest = text.slice(theirs.length)
  // What names a path there is one, also where it could be the name of an image.
  if (others[theirs] === '') return /^[./]/.test(rest) ? rest : `./${rest}`
  return `${others[theirs]}${rest}`
}

/** skopeo's `dir:` is a format of its own, and elsewhere it is any folder: neither is an image here. */
function refuseFolder(written: string): void {
  if (!written.startsWith('dir:') || /^dir:\d+\//.test(written)) return
  throw new TemperError(
    'bad-reference',
    `"${printableLine(written, { most: 200 })}" is a folder, not an image`,
    {
      hint: 'An image in a folder is a layout: oci:FOLDER[:TAG]',
    },
  )
}

/** An image in a registry; without a host in front it is one of Docker Hub, which is said. */
export function registryImage(text: string, { say }: Pick<NamingContext, 'say'>): Reference {
  if (!isHostless(text)) return parseReference(text)
  const reference = parseReference(`docker://${text}`)
  say(
    `${printableLine(text)} is taken as ${formatReference(reference)}, by Docker Hub's rules for short names`,
  )
  return reference
}

/**
 * What is at a path, when a person could have meant one. A short name that is also a file or folder here means that, as
 * in Syft and Grype; it is said how to name the image.
 */
export async function pathAt(
  text: string,
  { host, say }: NamingContext,
): Promise<{ readonly kind: FoundPath } | undefined> {
  if (text === '' || text.includes('\0')) return undefined
  const shown = printableLine(text, { most: 200 })
  const kind = await foundAt(resolve(host.workingDir, text), shown)
  if (kind === undefined) {
    if (looksLikePath(text)) throw new TemperError('not-found', `There is no file or folder ${shown}`)
    return undefined
  }
  if (!looksLikePath(text) && isHostless(text))
    say(
      `${shown} is taken as the ${kind === 'dir' || kind === 'oci' ? 'folder' : 'file'} here; for the image write docker://${shown}`,
    )
  return { kind }
}

function looksLikePath(text: string): boolean {
  if (/^(?:\.{1,2}(?:\/|$)|\/)/.test(text)) return true
  return isHostless(text) && /\.(?:json|xml|spdx|tar|tgz)(?:\.\w{2,4})?$/i.test(text)
}
