import { resolveUser } from '../../formats/image-user.ts'
import type { Component, Inventory } from '../../model/inventory.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { parseAccountFile } from '../hardening/accounts-file.ts'
import { treeSubject } from '../hardening/tree-subject.ts'
import { searchPath } from './entry.ts'
import type { ImageSubject, SubjectImage } from './subject.ts'

/** What is known about an image or folder; the rest of a subject follows from it. */
export interface SubjectFacts
  extends Pick<
    ImageSubject,
    | 'now'
    | 'name'
    | 'image'
    | 'layers'
    | 'inventory'
    | 'secrets'
    | 'support'
    | 'scan'
    | 'evidence'
    | 'archive'
  > {
  readonly tree: FileTree
}

/**
 * Makes the subject of rules from an image that anybody built. Its settings take the place of the recipe: declared
 * writable are volumes, the runtime user's home, and the folders that exist for what programs write.
 */
export function imageSubject({ tree, ...facts }: SubjectFacts): ImageSubject {
  const { image, inventory } = facts
  const owners = distributionOwners(inventory)
  const user = image === undefined ? undefined : runtimeUser(tree, image)
  const home = user === undefined ? [] : homesOf(tree, user.uid)
  return {
    ...treeSubject(tree, {
      ...(user === undefined ? {} : { user }),
      searchPath: image === undefined ? [] : searchPath(image.settings),
      declared: [...Object.keys(image?.settings.Volumes ?? {}), ...home, ...stateFolders],
      packageOf: ({ path }) => owners.get(path)?.name,
    }),
    ...facts,
    ...(inventory.components.some(({ files = [] }) => files.length > 0) ? { owners: true as const } : {}),
    ownerOf: ownersIn(inventory),
  }
}

/** Folders for what programs write while they run (Filesystem Hierarchy Standard 3.0, chapters 3.15, 3.18 and 5). */
export const stateFolders: readonly string[] = [
  'run',
  'tmp',
  'var/cache',
  'var/lib',
  'var/log',
  'var/run',
  'var/spool',
  'var/tmp',
]

/** Undefined when the image names a user whom it lacks: a rule of its own says so. */
function runtimeUser(tree: FileTree, { settings }: SubjectImage): ImageSubject['user'] {
  const text = (path: string) => Buffer.from(tree.resolve(path)?.content ?? []).toString()
  try {
    return resolveUser(settings.User ?? '', { passwd: text('etc/passwd'), group: text('etc/group') })
  } catch {
    return undefined
  }
}

/** Home folders of a uid: all but "/", which is no home. */
function homesOf(tree: FileTree, uid: number): string[] {
  const passwd = tree.resolve('etc/passwd')?.content ?? new Uint8Array()
  return parseAccountFile(passwd).flatMap(([, , id, , , home = '']) =>
    id === String(uid) && uid !== 0 && home !== '' && home !== '/' ? [home] : [],
  )
}

const distributionTypes: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm'])

function distributionOwners({ components }: Inventory): ReadonlyMap<string, Component> {
  return filesOf(components.filter(({ type }) => distributionTypes.has(type)))
}

function ownersIn({ components }: Inventory): ImageSubject['ownerOf'] {
  const isDistribution = ({ type }: Component) => distributionTypes.has(type)
  const owners = filesOf([
    ...components.filter((each) => !isDistribution(each)),
    ...components.filter(isDistribution),
  ])
  return (path) => owners.get(path)
}

/** Later components win. */
function filesOf(components: readonly Component[]): ReadonlyMap<string, Component> {
  const owners = new Map<string, Component>()
  for (const component of components) for (const path of component.files ?? []) owners.set(path, component)
  return owners
}
