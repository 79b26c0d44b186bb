import type { ByteStream } from '../../base/bytes.ts'

/** A source on its way into a pipeline, which says of an error only that something failed, not which side. */
export interface ObservedSource {
  readonly stream: AsyncIterable<Uint8Array>
  /** What the source itself failed with; undefined while it has not. */
  failure(): { readonly error: unknown } | undefined
}

/** Passes a source on as it is and remembers with what it failed. */
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
