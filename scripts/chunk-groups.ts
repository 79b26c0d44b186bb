/** Sources that are written into one file of the package. A group holds what its modules import, too. */
interface ChunkGroup {
  readonly name: string
  /** Paths below src/; those that end in a slash are folders, with all that is in them. */
  readonly sources: readonly string[]
  /** Of groups that could hold a module, the one with the highest takes it. */
  readonly priority: number
}

/**
 * What is loaded together anyway, in one file each: finding and opening a file costs more than reading a longer one.
 * "boot" is read before the compile cache is on: what main.ts needs, no more.
 */
const groups: readonly ChunkGroup[] = [
  {
    name: 'boot',
    sources: [
      'cli/host.ts',
      'cli/directories.ts',
      'cli/engine-flags.ts',
      'cli/kept-code.ts',
      'base/version.ts',
    ],
    priority: 6,
  },
  {
    name: 'start',
    sources: [
      'cli/run.ts',
      'cli/context.ts',
      'cli/settings/option-settings.ts',
      'cli/options/bundle-option.ts',
      'cli/options/image-argument.ts',
      'cli/options/target-argument.ts',
      'cli/options/signing-option.ts',
      'cli/options/trust-option.ts',
      'flows/creation-time.ts',
      'base/',
      'model/',
    ],
    priority: 5,
  },
  {
    name: 'evidence',
    sources: [
      'cli/commands/sign.ts',
      'cli/commands/attest.ts',
      'cli/commands/verify.ts',
      'flows/evidence/sign.ts',
      'flows/evidence/attest.ts',
      'flows/evidence/verify.ts',
      'flows/evidence/list.ts',
      'flows/evidence/attach.ts',
      'flows/trust/attached-check.ts',
      'flows/trust/open.ts',
      'oci/open-store.ts',
      'oci/registry/remote.ts',
    ],
    priority: 2,
  },
  {
    name: 'scan',
    sources: [
      'cli/commands/scan.ts',
      'flows/scan/scan.ts',
      'flows/scan/result.ts',
      'flows/scan/match.ts',
      'flows/feeds/open.ts',
      'flows/inventory/inventory.ts',
      'sbom/read/read.ts',
      'report/json/json.ts',
    ],
    priority: 1,
  },
  {
    name: 'shared',
    sources: [
      'formats/purl/purl.ts',
      'formats/version/compare.ts',
      'report/summary.ts',
      'report/json/violation.ts',
      'sbom/guessed.ts',
      'sbom/note-text.ts',
      'cli/report/table.ts',
    ],
    priority: 4,
  },
  {
    name: 'image',
    sources: [
      'oci/image/',
      'oci/layout/',
      'oci/name.ts',
      'oci/json-value.ts',
      'oci/reference.ts',
      'flows/image/name.ts',
      'oci/store-error.ts',
      'attest/statement/in-toto.ts',
      'attest/json-document.ts',
      'formats/crypto/pem.ts',
    ],
    priority: 3,
  },
  {
    name: 'build',
    sources: [
      'cli/commands/build.ts',
      'flows/build/build.ts',
      'flows/build/record.ts',
      'flows/build/prepared.ts',
    ],
    priority: 0,
  },
]

/** A group as the bundler takes it. */
interface ModuleGroup {
  readonly name: string
  readonly test: (id: string) => boolean
  readonly priority: number
}

/**
 * The groups over the modules of a source folder.
 * @param home the folder's absolute path, with a slash at its end
 * @param modules absolute paths of all files in it
 * @throws when a group names a file or folder that is not there: it was moved, and would be left out unnoticed
 */
export function chunkGroups(
  home: string,
  modules: readonly string[],
  chosen: readonly ChunkGroup[] = groups,
): ModuleGroup[] {
  return chosen.map(({ name, sources, priority }) => {
    const members = new Set<string>()
    for (const source of sources) {
      const path = `${home}${source}`
      const named = modules.filter((id) => (source.endsWith('/') ? id.startsWith(path) : id === path))
      if (named.length === 0) throw new Error(`group "${name}" in chunk-groups.ts: no file is ${source}`)
      for (const id of named) members.add(id)
    }
    return { name, test: (id) => members.has(id), priority }
  })
}
