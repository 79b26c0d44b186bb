/** What a package states about its licences, in SPDX vocabulary. */
export interface LicenceStatement {
  /**
   * SPDX licence expression (SPDX 2.3, annex D) that covers everything in the package. Licences that are not
   * on SPDX's list, and statements that cannot be parsed, appear in it as `LicenseRef-…`.
   */
  readonly expression: string
  /** The text of each `LicenseRef-…` of the expression, as the package has it. */
  readonly texts: Readonly<Record<string, string>>
  /** Its own words, when they are not an expression and apply to the whole package. */
  readonly words?: string
}
