/** Something that a maintainer script does but no effect models. */
export interface UnmodelledEffect {
  readonly package: string
  /** "postinst" and so on. */
  readonly script: string
  /** 1-based. */
  readonly line: number
  readonly command: string
}
