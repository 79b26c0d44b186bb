import type { Repository } from './storage/repository.ts'
import type { Storage } from './storage/storage.ts'

/** A repository that a request is about. */
export interface RepositoryPlace {
  readonly name: string
  readonly repository: Repository
  readonly storage: Storage
}
