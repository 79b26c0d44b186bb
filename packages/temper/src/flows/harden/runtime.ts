import type { ImageConfig } from '../../model/image.ts'
import type { Recipe, Relaxation } from '../../model/recipe.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { createReach, type Reach } from '../../tree/proof/reach.ts'
import { pathFolders } from '../../tree/proof/subject.ts'
import type { BaseImage } from './base-image.ts'

/** How an image is run, in terms of a recipe. */
export type RuntimeRecipe = Pick<
  Recipe,
  'entrypoint' | 'cmd' | 'environment' | 'workDir' | 'volumes' | 'tests' | 'hardening' | 'paths'
>

export function runtimeRecipe({ config = {} }: ImageConfig, allow: readonly Relaxation[]): RuntimeRecipe {
  const { Entrypoint = [], Cmd = [], Env = [], Volumes = {}, WorkingDir = '' } = config
  return {
    entrypoint: Entrypoint,
    cmd: Cmd,
    environment: Object.fromEntries(
      Env.map((line) => {
        const at = line.indexOf('=')
        return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
      }),
    ),
    workDir: WorkingDir === '' ? '/' : WorkingDir,
    volumes: Object.keys(Volumes),
    tests: [],
    paths: [],
    hardening: { allow },
  }
}

export interface StartedFile {
  readonly node: TreeNode
  /** Absolute paths by which it is started, which may go through links. */
  readonly names: readonly string[]
  readonly by: string
}

/** What an image starts by itself: programs and scripts, as far as its settings name them. */
export interface Started {
  /** Files by their real path, each with who starts it, for people. */
  readonly files: ReadonlyMap<string, StartedFile>
  /** Commands for a shell, as they are in the settings. */
  readonly texts: readonly { readonly text: string; readonly by: string }[]
  readonly reach: Reach
}

/** Finds what the settings of an image start: programs, and files that are handed to them. */
export function startedBy(
  root: FileTree,
  { image, foreign, architecture }: BaseImage,
  recipe: RuntimeRecipe,
): Started | undefined {
  const loader = foreign?.distro.loader[architecture]
  if (loader === undefined) return undefined
  const reach = createReach(root, { recipe, loader })
  const files = new Map<string, StartedFile>()
  const start = (node: TreeNode, name: string, by: string) => {
    const known = files.get(node.path)
    files.set(node.path, { node, names: [...(known?.names ?? []), name], by: known?.by ?? by })
  }
  const texts: { text: string; by: string }[] = []
  const add = (words: readonly string[], by: string) => {
    for (const [at, word] of words.entries()) {
      // Programs start others by name (tini -- nginx); a file is mostly named by its path.
      const name = word === '' ? undefined : placeOf(word, recipe, reach)
      const node = name === undefined ? undefined : reach.program(name)
      if (name !== undefined && node && (at === 0 || word.startsWith('/') || /^[a-z][\w.+-]*$/.test(word)))
        start(node, name, by)
      const file = word.startsWith('/') ? root.resolve(word) : undefined
      if (file?.type === 'file') start(file, word, by)
      if (/[\s;&|$]/.test(word)) texts.push({ text: word, by })
    }
  }
  add(recipe.entrypoint, 'the entrypoint')
  add(recipe.cmd, 'the command')
  const [form, ...check] = image.config.config?.Healthcheck?.Test ?? []
  if (form === 'CMD') add(check, 'the health check')
  if (form === 'CMD-SHELL') {
    add(['/bin/sh'], 'the health check')
    texts.push(...check.map((text) => ({ text, by: 'the health check' })))
  }
  return { files, texts, reach }
}

/** The absolute path by which execvp(3) finds a program. */
function placeOf(word: string, { environment, workDir }: RuntimeRecipe, reach: Reach): string | undefined {
  if (word.startsWith('/')) return word
  const folders = word.includes('/') ? [workDir] : pathFolders(environment)
  return folders.map((folder) => `${folder}/${word}`).find((path) => reach.program(path) !== undefined)
}
