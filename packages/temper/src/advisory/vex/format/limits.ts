/** Limits of a VEX document. The largest real ones (one per product line) are a tenth of it. */
export const vexLimits = {
  /** Of the document, uncompressed. */
  bytes: 128 << 20,
  /** Levels of nesting. */
  depth: 64,
  statements: 200_000,
  /** Products and subcomponents of all statements together. */
  identifiers: 4_000_000,
  /** Characters of an id, purl or digest. */
  identifier: 8192,
  /** Characters of one free text; the rest is cut off. */
  text: 10_000,
  /** Notes about what could not be used; the rest is counted. */
  notes: 100,
} as const
