import type { TreeNode } from '../../model/tree/file-tree.ts'
import { variableOf } from './environment.ts'
import type { ImageSubject, SubjectImage } from './subject.ts'

/** Where runtimes look for programs when an image has no PATH (containerd, moby: oci/defaults). */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Most folders of PATH that are looked into. */
const pathLimit = 256

/** What an image starts: the first word of its entrypoint and command, and the file that this leads to. */
export interface Entry {
  /** Empty when the image starts nothing by itself. */
  readonly command: readonly string[]
  readonly node?: TreeNode
}

/** What an image starts, with links followed; without a node when the file does not exist. */
export function entryOf({ root }: Pick<ImageSubject, 'root'>, { settings }: SubjectImage): Entry {
  const command = [...(settings.Entrypoint ?? []), ...(settings.Cmd ?? [])]
  const [name = ''] = command
  if (name === '') return { command }
  for (const path of placesOf(name, settings)) {
    const node = root.resolve(path.replace(/^\/+/, ''))
    if (node !== undefined && node.type !== 'directory') return { command, node }
  }
  return { command }
}

function placesOf(name: string, settings: SubjectImage['settings']): string[] {
  if (name.startsWith('/')) return [name]
  if (name.includes('/')) return [`${settings.WorkingDir ?? ''}/${name}`]
  return searchPath(settings).map((folder) => `${folder}/${name}`)
}

/** The folders of PATH, as they are written. */
export function searchPath(settings: SubjectImage['settings']): string[] {
  return (variableOf(settings, 'PATH') ?? defaultPath).split(':', pathLimit)
}
