import type { Reference } from '../../model/reference.ts'
import type { Context } from '../context.ts'
import { openStoreFor } from './store.ts'

/** The first tags of a repository, layout or archive, without looking at what they name. */
export async function tagNames(
  reference: Reference,
  { limit }: { readonly limit: number },
  context: Context,
): Promise<readonly string[]> {
  const store = await openStoreFor(reference, context)
  try {
    const names: string[] = []
    for await (const name of store.tags()) {
      names.push(name)
      if (names.length >= limit) break
    }
    return names
  } finally {
    await store.close()
  }
}
