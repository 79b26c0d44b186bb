import type { ByteStream } from '../../base/bytes.ts'

/** A source in a pipeline, which remembers its own error, since a pipeline does not say which side failed. */
export interface ObservedSource {
  readonly stream: AsyncIterable<Uint8Array>
  /** The error of the source itself; undefined while it has not failed. */
  failure(): { readonly error: unknown } | undefined
}

/** Passes a source on unchanged and remembers its error. */
export function observeSource(source: ByteStream): ObservedSource {
  let failed: { readonly error: unknown } | undefined
  async function* observed() {
    try {
      yield* source
    } catch (error) {
      failed = { error }
      throw error
    }
  }
  return { stream: observed(), failure: () => failed }
}
