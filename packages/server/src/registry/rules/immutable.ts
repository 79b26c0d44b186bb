import { covers } from '../../auth/principal.ts'
import { RegistryError } from '../error.ts'
import type { ContentDigest } from '../name.ts'
import type { Repository } from '../storage/repository.ts'
import type { RegistryRules } from './rules.ts'
import { matchesTag } from './tag-pattern.ts'

/** Whether a tag stays where it is. */
export function isImmutable(rules: RegistryRules['immutable'], repository: string, tag: string): boolean {
  return rules.some(
    ({ project, tags }) => covers(project, repository) && tags.some((pattern) => matchesTag(pattern, tag)),
  )
}

interface Place {
  readonly name: string
  readonly repository: Repository
}

/** Throws `DENIED` when one of the tags names another digest and is immutable. */
export async function demandMovable(
  { name, repository }: Place,
  { digest, tags }: { readonly digest: ContentDigest; readonly tags: readonly string[] },
  rules: RegistryRules['immutable'],
): Promise<void> {
  for (const tag of tags) {
    if (!isImmutable(rules, name, tag)) continue
    const current = await repository.tagged(tag)
    if (current !== undefined && current !== digest) throw taken(name, tag, current)
  }
}

/** Sets tags; if several pushes set one immutable tag at once, only one succeeds. Throws `DENIED`. */
export async function setTags(
  { name, repository }: Place,
  { digest, tags }: { readonly digest: ContentDigest; readonly tags: readonly string[] },
  rules: RegistryRules['immutable'],
): Promise<void> {
  for (const tag of tags) {
    if (!isImmutable(rules, name, tag)) {
      await repository.setTag(tag, digest)
      continue
    }
    const current = await repository.setTagOnce(tag, digest)
    if (current !== undefined && current !== digest) throw taken(name, tag, current)
  }
}

/** Throws `DENIED` when one of the tags may not be deleted. */
export function demandDeletable(
  name: string,
  tags: readonly string[],
  rules: RegistryRules['immutable'],
): void {
  const kept = tags.find((tag) => isImmutable(rules, name, tag))
  if (kept === undefined) return
  throw new RegistryError('DENIED', `the tag ${kept} of ${name} is immutable: it is not deleted`, {
    detail: { tag: kept },
  })
}

function taken(name: string, tag: string, digest: ContentDigest): RegistryError {
  return new RegistryError(
    'DENIED',
    `the tag ${tag} of ${name} is immutable and is on ${digest}: push under another tag`,
    { detail: { tag, digest } },
  )
}
