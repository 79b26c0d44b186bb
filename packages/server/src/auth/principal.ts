/** What somebody may do, from least to most: each role includes those before it. */
export const roles = ['reader', 'developer', 'maintainer', 'admin'] as const
export type Role = (typeof roles)[number]

/** Roles that a token can have. Two are beside the others: "worker" does what is to be built, "reporter" tells what runs; nothing else. */
export const grantedRoles = [...roles, 'worker', 'reporter'] as const
export type GrantedRole = (typeof grantedRoles)[number]

/** What can be done to a repository; "maintain" is saying what is built for it. */
export type Action = 'pull' | 'push' | 'delete' | 'maintain' | 'administer'

const needed: Readonly<Record<Action, Role>> = {
  pull: 'reader',
  push: 'developer',
  delete: 'maintainer',
  maintain: 'maintainer',
  administer: 'admin',
}

/** A role in a project, which is a repository and all below it; "*" is every one. */
export interface Grant {
  readonly project: string
  readonly role: GrantedRole
}

/** Whoever asks. */
export interface Principal {
  readonly name: string
  readonly grants: readonly Grant[]
  /** Whether it is a part of the service itself. */
  readonly isService?: true
}

/** Whether somebody may do something to a repository, or, without one, to the service itself. */
export function may({ grants }: Principal, action: Action, repository?: string): boolean {
  return grants.some(
    ({ project, role }) =>
      isOfLadder(role) && covers(project, repository) && roles.indexOf(role) >= roles.indexOf(needed[action]),
  )
}

/** Projects in which somebody may do something; "*" is every one. */
export function projectsFor({ grants }: Principal, action: Action): readonly string[] {
  const sufficient = grants.filter(
    ({ role }) => isOfLadder(role) && roles.indexOf(role) >= roles.indexOf(needed[action]),
  )
  return [...new Set(sufficient.map(({ project }) => project))]
}

function isOfLadder(role: GrantedRole): role is Role {
  return (roles as readonly string[]).includes(role)
}

/** Whether somebody may tell which images run somewhere. */
export function mayReport({ grants }: Principal): boolean {
  return grants.some(({ project, role }) => project === '*' && (role === 'reporter' || role === 'admin'))
}

/** Whether somebody may take tasks and say what came of them. */
export function mayWork({ grants }: Principal): boolean {
  return grants.some(({ project, role }) => role === 'worker' && project === '*')
}

/** Whether a repository is in a project; without one: whether that is everything. */
export function covers(project: string, repository: string | undefined): boolean {
  if (project === '*') return true
  return repository !== undefined && (repository === project || repository.startsWith(`${project}/`))
}
