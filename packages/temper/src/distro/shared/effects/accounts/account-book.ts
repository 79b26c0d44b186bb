import { type Group, nonrootGroup, nonrootUser, type User } from '../../../../model/account.ts'
import type { Recipe } from '../../../../model/recipe.ts'

/** Ids that Debian gives to system accounts as packages ask for them (Debian Policy 9.2.2). */
const firstSystemId = 100
export interface AccountRequest {
  readonly name: string
  readonly uid?: number
  /** Primary group: a name or a number; absent: a group of the user's own name. */
  readonly group?: string | number
  readonly home?: string
  readonly comment?: string
}

/** The accounts of an image while it is made: those it must have, and those that packages ask for. */
export class AccountBook {
  readonly #known: { readonly users: Map<string, User>; readonly groups: Map<string, Group> }
  readonly #users = new Map<string, User>()
  readonly #groups = new Map<string, Group>()
  readonly #members = new Map<string, Set<string>>()
  /** Ids that were assigned beforehand to names that ask for any id. */
  readonly #plan: ReadonlyMap<string, number>
  /** Names that asked for any id, each with what it got. */
  readonly #given = new Map<string, number>()

  constructor(
    base: { readonly users: readonly User[]; readonly groups: readonly Group[] },
    options: { readonly accounts: Recipe['accounts']; readonly plan: ReadonlyMap<string, number> },
  ) {
    this.#known = {
      users: new Map(base.users.map((user) => [user.name, user])),
      groups: new Map(base.groups.map((group) => [group.name, group])),
    }
    this.#plan = options.plan
    this.findUser('root')
    this.findUser('nobody')
    this.findGroup('nogroup')
    this.#groups.set(nonrootGroup.name, nonrootGroup)
    this.#users.set(nonrootUser.name, nonrootUser)
    for (const group of options.accounts.groups) this.#groups.set(group.name, group)
    for (const user of options.accounts.users) {
      this.#users.set(user.name, user)
      this.#ensureGroupId(user)
    }
    this.findUser(options.accounts.runAs)
  }

  /** A user by name or number. One that the distribution knows becomes part of the image. */
  findUser(name: string): User | undefined {
    if (/^\d{1,9}$/.test(name)) {
      const uid = Number(name)
      return [...this.#users.values()].find((user) => user.uid === uid)
    }
    const present = this.#users.get(name)
    if (present) return present
    const known = this.#known.users.get(name)
    if (!known) return undefined
    this.#users.set(name, known)
    const group = [...this.#known.groups.values()].find((candidate) => candidate.gid === known.gid)
    if (group) this.findGroup(group.name)
    return known
  }

  findGroup(name: string): Group | undefined {
    if (/^\d{1,9}$/.test(name)) {
      const gid = Number(name)
      return [...this.#groups.values()].find((group) => group.gid === gid)
    }
    const present = this.#groups.get(name)
    if (present) return present
    const known = this.#known.groups.get(name)
    if (known) this.#groups.set(name, known)
    return known
  }

  /** Whether a user would be there on a fresh Debian, without making it part of the image. */
  knowsUser(name: string): User | undefined {
    return this.#users.get(name) ?? this.#known.users.get(name)
  }

  knowsGroup(name: string): Group | undefined {
    return this.#groups.get(name) ?? this.#known.groups.get(name)
  }

  /** Adds a system user unless it is there. */
  addUser(request: AccountRequest): User {
    const present = this.findUser(request.name)
    if (present) return present
    const { name, home = '/nonexistent', comment = '' } = request
    const own = request.group === undefined
    const uid = request.uid ?? this.#nextId(name)
    const gid = own ? this.addGroup({ name, gid: uid }).gid : this.#groupId(request.group ?? 'nogroup')
    const user: User = { name, uid, gid, home: clean(home), comment: clean(comment) }
    this.#users.set(name, user)
    return user
  }

  /** Gives a user another home, primary group or comment; false when there is no such user or group. */
  changeUser(
    name: string,
    change: { readonly home?: string; readonly group?: string; readonly comment?: string },
  ): boolean {
    const user = this.findUser(name)
    const gid = change.group === undefined ? user?.gid : this.findGroup(change.group)?.gid
    if (user === undefined || gid === undefined) return false
    const { home = user.home, comment = user.comment } = change
    this.#users.set(name, { ...user, gid, home: clean(home), comment: clean(comment) })
    return true
  }

  addGroup(request: { readonly name: string; readonly gid?: number }): Group {
    const present = this.findGroup(request.name)
    if (present) return present
    const group: Group = { name: request.name, gid: request.gid ?? this.#nextId(request.name), members: [] }
    this.#groups.set(group.name, group)
    return group
  }

  addMember(user: string, group: string): void {
    const known = this.findGroup(group)
    if (!known || known.members.includes(user)) return
    const members = this.#members.get(known.name) ?? new Set<string>()
    members.add(user)
    this.#members.set(known.name, members)
  }

  /** Groups of a user, the primary one first. */
  groupsOf(user: User): readonly string[] {
    const primary = [...this.#groups.values()].filter((group) => group.gid === user.gid)
    const others = this.groups().filter((group) => group.members.includes(user.name))
    return [...new Set([...primary, ...others].map((group) => group.name))]
  }

  /** Sorted by id, then name. */
  users(): readonly User[] {
    return [...this.#users.values()].sort((a, b) => a.uid - b.uid || (a.name < b.name ? -1 : 1))
  }

  groups(): readonly Group[] {
    const all = [...this.#groups.values()].map((group) => {
      const more = this.#members.get(group.name)
      return more ? { ...group, members: [...new Set([...group.members, ...more])].sort() } : group
    })
    return all.sort((a, b) => a.gid - b.gid || (a.name < b.name ? -1 : 1))
  }

  /** Whether every name that asked for any id has the one that `planIds` gives it. */
  isPlanned(plan: ReadonlyMap<string, number>): boolean {
    return [...plan].every(([name, id]) => this.#given.get(name) === id)
  }

  /** Names that asked for any id, sorted, each with an id that nothing else has. */
  planIds(): ReadonlyMap<string, number> {
    const taken = new Set<number>()
    for (const user of this.#known.users.values()) taken.add(user.uid)
    for (const group of this.#known.groups.values()) taken.add(group.gid)
    for (const user of this.#users.values()) if (!this.#given.has(user.name)) taken.add(user.uid)
    for (const group of this.#groups.values()) if (!this.#given.has(group.name)) taken.add(group.gid)
    const plan = new Map<string, number>()
    let next = firstSystemId
    for (const name of [...this.#given.keys()].sort()) {
      while (taken.has(next)) next++
      plan.set(name, next++)
    }
    return plan
  }

  #nextId(name: string): number {
    const id = this.#plan.get(name) ?? this.#given.get(name) ?? this.#freeId()
    this.#given.set(name, id)
    return id
  }

  /**
   * The id for a name that was not planned. Since later requests are not known, it may differ from what a plan would
   * give.
   */
  #freeId(): number {
    const { users, groups } = this.#known
    const taken = new Set([...this.#users.values(), ...users.values()].map(({ uid }) => uid))
    for (const group of [...this.#groups.values(), ...groups.values()]) taken.add(group.gid)
    for (const id of this.#given.values()) taken.add(id)
    for (let id = firstSystemId; ; id++) if (!taken.has(id)) return id
  }

  #groupId(group: string | number): number {
    if (typeof group === 'number') return group
    return this.addGroup({ name: group }).gid
  }

  #ensureGroupId(user: User): void {
    for (const group of this.#groups.values()) if (group.gid === user.gid) return
    for (const group of this.#known.groups.values())
      if (group.gid === user.gid) return void this.#groups.set(group.name, group)
    if (!this.#groups.has(user.name))
      this.#groups.set(user.name, { name: user.name, gid: user.gid, members: [] })
  }
}

/** Nothing that would break a line of passwd(5). */
function clean(text: string): string {
  return text.replace(/[:\n\r]/g, ' ')
}
