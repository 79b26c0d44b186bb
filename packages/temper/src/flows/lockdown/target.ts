/** What may be told how an image runs. */
export const lockdownTargets = ['kubernetes', 'docker', 'compose'] as const
export type LockdownTarget = (typeof lockdownTargets)[number]
