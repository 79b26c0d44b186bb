import type { Severity } from '../../model/advisory.ts'

/** Recognises one kind of secret in text. */
export interface SecretRule {
  /** Stable: scripts and ignore rules name it. */
  readonly id: string
  /** What it is: "GitHub token". */
  readonly title: string
  readonly severity: Severity
  /** One of these stands in every text that the pattern can match: looked for before the pattern is tried. */
  readonly keywords: readonly string[]
  /**
   * Global. What the group named "secret" matches is the secret, else the whole match. Patterns take bounded time:
   * no repetition stands inside another or beside one that matches the same.
   */
  readonly pattern: RegExp
  /** Only files at such paths (without leading slash) hold it. */
  readonly path?: RegExp
  /** What a pattern cannot say: a checksum, a decoded header. Entropy alone never decides. */
  holds?(secret: string): boolean
}
