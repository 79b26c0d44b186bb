/** What somebody may do, from least to most: each role includes those before it. */
export const roles = ['reader', 'developer', 'maintainer', 'admin'] as const
export type Role = (typeof roles)[number]

/**
 * Roles that a token can have. Two stand apart: "worker" builds what is ordered, "reporter" reports what runs, and
 * neither may do anything else.
 */
export const grantedRoles = [...roles, 'worker', 'reporter'] as const
export type GrantedRole = (typeof grantedRoles)[number]

/** Actions on a repository; "maintain" means to decide what is built for it. */
export type Action = 'pull' | 'push' | 'delete' | 'maintain' | 'administer'

const needed: Readonly<Record<Action, Role>> = {
  pull: 'reader',
  push: 'developer',
  delete: 'maintainer',
  maintain: 'maintainer',
  administer: 'admin',
}

/** A role in a project, which is a repository and all below it; "*" means every project. */
export interface Grant {
  readonly project: string
  readonly role: GrantedRole
}

/** Whoever makes a request. */
export interface Principal {
  readonly name: string
  readonly grants: readonly Grant[]
  /** Whether this is a part of the service itself. */
  readonly isService?: true
}

/** Whether somebody may perform an action on a repository, or, without one, on the service itself. */
export function may({ grants }: Principal, action: Action, repository?: string): boolean {
  return grants.some(
    ({ project, role }) =>
      isOfLadder(role) && covers(project, repository) && roles.indexOf(role) >= roles.indexOf(needed[action]),
  )
}

/** Projects in which somebody may perform an action; "*" means every project. */
export function projectsFor({ grants }: Principal, action: Action): readonly string[] {
  const sufficient = grants.filter(
    ({ role }) => isOfLadder(role) && roles.indexOf(role) >= roles.indexOf(needed[action]),
  )
  return [...new Set(sufficient.map(({ project }) => project))]
}

function isOfLadder(role: GrantedRole): role is Role {
  return (roles as readonly string[]).includes(role)
}

/** Whether somebody may report which images run at a place. */
export function mayReport({ grants }: Principal): boolean {
  return grants.some(({ project, role }) => project === '*' && (role === 'reporter' || role === 'admin'))
}

/** Whether somebody may take tasks and return their results. */
export function mayWork({ grants }: Principal): boolean {
  return grants.some(({ project, role }) => role === 'worker' && project === '*')
}

/** Whether a repository belongs to a project; without a repository: whether the project is "*". */
export function covers(project: string, repository: string | undefined): boolean {
  if (project === '*') return true
  return repository !== undefined && (repository === project || repository.startsWith(`${project}/`))
}
