import type { ClockRow } from '../database/schema.ts'

/** How far a problem of an image has come, from its disclosure to its disappearance. */
export type ClockState = 'open' | 'fix-known' | 'fix-available' | 'fixed' | 'running'

export function stateOf({ upstream, archive, published, running }: ClockRow): ClockState {
  if (running !== null) return 'running'
  if (published !== null) return 'fixed'
  if (archive !== null) return 'fix-available'
  return upstream === null ? 'open' : 'fix-known'
}

/** Whether the problem lasts, or lasted, longer than allowed. */
export function isLate({ due, published }: Pick<ClockRow, 'due' | 'published'>, now: Date): boolean {
  return (published ?? now) > due
}

/** Why a problem is still there, as a phrase. `build` is the newest build of its image. */
export function whyOpen(
  clock: Pick<ClockRow, 'upstream' | 'archive'>,
  build: { readonly state: string; readonly error: string | null } | undefined,
  waiting: string | null = null,
): string {
  if (clock.archive === null)
    return clock.upstream === null ? 'no fix upstream' : 'the fix is not in the archive yet'
  switch (build?.state) {
    case 'waiting':
      return 'its build waits'
    case 'running':
      return 'it is being built'
    case 'refused':
      return `the gate refused the new image: ${build.error ?? ''}`
    case 'failed':
      return `the build failed: ${build.error ?? ''}`
    case 'cancelled':
      return 'the build was cancelled'
    default:
      return waiting === null
        ? 'the archive has the fix, but no build has it yet'
        : `a repaired image waits for a person: ${waiting}`
  }
}
