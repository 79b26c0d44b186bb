/** What a package states of its licences, in the vocabulary of SPDX. */
export interface LicenceStatement {
  /**
   * SPDX licence expression (SPDX 2.3, annex D) that covers everything in the package. Licences that are not
   * on SPDX's list, and statements that cannot be parsed, appear in it as `LicenseRef-…`.
   */
  readonly expression: string
  /** The text of each `LicenseRef-…` of the expression, as the package has it. */
  readonly texts: Readonly<Record<string, string>>
  /** Its own words, when they are no expression and stand for all of it. */
  readonly words?: string
}
