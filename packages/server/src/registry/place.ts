import type { ImageGate } from './image-gate.ts'
import type { ManifestMemory } from './manifest-memory.ts'
import type { Pulls } from './pulls.ts'
import type { RegistryRules } from './rules/rules.ts'
import type { Usage } from './rules/usage.ts'
import type { Repository } from './storage/repository.ts'
import type { Storage } from './storage/storage.ts'

/** A repository that a request is about. */
export interface RepositoryPlace {
  readonly name: string
  readonly repository: Repository
  readonly storage: Storage
}

/** A repository whose manifests are remembered. */
export interface ManifestPlace extends RepositoryPlace {
  readonly memory: ManifestMemory
  /** Judges images before they get a tag; absent: nothing does. */
  readonly gate?: ImageGate
  /** Is told the tags and digest under which a manifest was pushed. */
  readonly pushed?: (repository: string, references: readonly string[]) => Promise<void>
  readonly immutable: RegistryRules['immutable']
  readonly usage: Usage
  /** Is told of pulls; absent for maintenance work. */
  readonly pulls?: Pulls
}
