import { TemperError } from '../../base/error.ts'
import type { ListingStore } from '../layout/reader.ts'

/** A store that can only be read; `dispose` runs when it is closed. */
export function readOnly(store: ListingStore, dispose: () => Promise<void>): ListingStore {
  return {
    resolve: (name) => store.resolve(name),
    has: (descriptor) => store.has(descriptor),
    fetch: (descriptor) => store.fetch(descriptor),
    tags: () => store.tags(),
    referrers: (subject, artifactType) => store.referrers(subject, artifactType),
    images: () => store.images(),
    push: async () => refuseWriting(),
    tag: async () => refuseWriting(),
    close: async () => {
      try {
        await store.close()
      } finally {
        await dispose()
      }
    },
  }
}

export function refuseWriting(): never {
  throw new TemperError('bad-usage', 'Images in a daemon can be read, not written', {
    hint: 'Write the image to a docker-archive, and load that with docker load.',
  })
}
