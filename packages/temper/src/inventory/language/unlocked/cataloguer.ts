import type { Cataloguer, CatalogueScope, FileHead, FoundFact } from '../../cataloguer.ts'
import { decodeText, textLimit } from '../document.ts'
import { isForeign } from '../language.ts'
import { isForTrials } from '../npm/package-json.ts'
import { folderOf, nameOf, within } from '../place.ts'
import { applicationManifests } from './application.ts'
import type { AskingFile } from './asking-file.ts'
import { builtManifests } from './built.ts'
import { operatedManifests } from './operated.ts'

/** What one file asks for: the names that are known of it, perhaps none. */
interface Asked {
  readonly tool: string
  readonly names: readonly string[]
}

const manifests = [...applicationManifests, ...builtManifests, ...operatedManifests]

/** Nearly all files are called otherwise, which is seen with these two at once. */
const anyName = new RegExp(manifests.flatMap(({ names }) => names?.source ?? []).join('|'))
const anyPath = new RegExp(manifests.flatMap(({ files }) => files?.source ?? []).join('|'))
/** How those end that are known by their path. */
const anyEnding =
  /(?:\.(?:gemspec|[cfv][sb]proj|props|targets|gradle|kts|toml|xml|sbt|txt|cmake|wrap|lock|json|cabal|nimble|opam|rockspec|tf|tofu|cfg|ya?ml)|DESCRIPTION|opam)$/

/**
 * Files in which projects ask for packages. They do not say which ones they get: that is for the lock beside them, or for what is
 * installed. Where there is neither, the result tells that packages were passed over.
 */
export const unlockedCataloguer: Cataloguer<Asked> = {
  id: 'unlocked',
  type: 'generic',
  version: 1,
  sizeLimit: textLimit,
  select: (head) => manifestOf(head) !== undefined,
  read: async (file) => {
    const manifest = manifestOf(file)
    const names = await manifest?.asks(decodeText(file.bytes))
    return manifest === undefined || names === undefined ? undefined : { tool: manifest.tool, names }
  },
  combine: (facts, scope) => ({
    components: [],
    notes: [],
    unlocked: facts.flatMap((placed) => {
      const manifest = manifestOf({ path: placed.location.path })
      if (manifest === undefined || isSettled(placed, manifest, scope)) return []
      const { tool, names } = placed.fact
      return [{ tool, names, type: manifest.type, location: placed.location }]
    }),
  }),
}

function manifestOf({ path, size = 1 }: Pick<FileHead, 'path'> & Partial<FileHead>): AskingFile | undefined {
  if (size === 0) return undefined
  const name = nameOf(path)
  if (!anyName.test(name) && !(anyEnding.test(name) && anyPath.test(path))) return undefined
  const manifest = manifests.find(
    ({ names, files }) => names?.test(name) === true || files?.test(path) === true,
  )
  return manifest === undefined || isForeign(path) || isForTrials(folderOf(path)) || isPartOfSystem(path)
    ? undefined
    : manifest
}

/** Where programs keep their own parts; projects are put elsewhere. */
function isPartOfSystem(path: string): boolean {
  return /^(?:usr\/(?:local\/)?(?:lib|lib64|share|include)\/|usr\/local\/(?:go|cargo|rustup)\/|root\/\.(?:cache|cargo|gradle|m2)\/)/.test(
    path,
  )
}

/** Whether a lock, or what is installed, says which packages a project gets: beside it or above. */
function isSettled(
  { location, fact }: FoundFact<Asked>,
  { locks = [], installed }: AskingFile,
  { has }: CatalogueScope,
): boolean {
  const paths = [...locks, ...(installed === undefined ? [] : fact.names.slice(0, 1).map(installed))]
  for (let folder = folderOf(location.path); ; folder = folderOf(folder)) {
    if (paths.some((path) => has(within(folder, path)))) return true
    if (folder === '') return false
  }
}
