/**
 * Gives the memory of bytes back at once. V8 would do so when it collects garbage, which it does as its own heap fills and
 * hardly as bytes outside of it do. For whoever made them and has let nobody keep a part: they are empty afterwards, and so
 * is every view of them. Bytes that share their memory with others stay.
 */
export function releaseBytes(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes
  const isWhole = byteLength > 0 && buffer.byteLength === byteLength
  if (isWhole && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
