/** One place where a rule is broken. */
export interface Violation {
  /** Absolute path in the image; absent when the rule is about the image as a whole. */
  readonly path?: string
  /** What was found there, as a phrase: "setuid (mode 4755)". */
  readonly found: string
}

/** A statement that can be checked against a subject: a finished tree, an image, a Dockerfile. */
export interface Rule<Subject, Id extends string = string> {
  readonly id: Id
  /** The statement itself: "No shell". */
  readonly title: string
  /** Why it matters, for the rule's page. */
  readonly why: string
  check(subject: Subject): Iterable<Violation>
}
