export interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly comment: string
}

export interface Group {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}
