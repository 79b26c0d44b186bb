/** Programs that settings for running an image can be written for. */
export const lockdownTargets = ['kubernetes', 'docker', 'compose'] as const
export type LockdownTarget = (typeof lockdownTargets)[number]
