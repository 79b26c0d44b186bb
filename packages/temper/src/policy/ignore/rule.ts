/** Patterns of findings that do not count, and why. There is at least one pattern, and all of them have to match. */
export interface IgnoreRule {
  /** Id or alias of a finding, or the rule of a secret. */
  readonly id?: string
  /** Name of a package or of its source package; `*` matches anything but a slash, `**` anything. */
  readonly package?: string
  /** Path of the package's place in the image, without leading slash; with `*` and `**`. */
  readonly path?: string
  /** Package URL; qualifiers count only when the pattern has some. */
  readonly purl?: string
  readonly reason: string
  /** Last day that it counts, YYYY-MM-DD. */
  readonly expires?: string
  /** Where it is written: ".temper/ignore.yaml:4". */
  readonly origin: string
  /** Why it ignores nothing: it was written for another program and would mean something else here. */
  readonly untaken?: string
}
