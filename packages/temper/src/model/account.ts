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

/** The user that every image has, and runs as unless the recipe says otherwise. */
export const nonrootUser: User = {
  name: 'nonroot',
  uid: 65532,
  gid: 65532,
  home: '/home/nonroot',
  comment: 'nonroot',
}

export const nonrootGroup: Group = { name: 'nonroot', gid: 65532, members: [] }
