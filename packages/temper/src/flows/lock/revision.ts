import type { Lock } from '../../model/lock.ts'
import { type Maker, revisions, versionForBytesOf } from '../../model/revision.ts'
import type { Context } from '../context.ts'

/**
 * A lock of another revision, from which this version builds an image with a different digest than the lock's maker.
 */
export interface OtherRevision {
  readonly made: Maker
  readonly current: number
  /** Version of Temper that gives the same bytes as the lock's maker. */
  readonly version: string
}

/** The other revision of a lock; undefined when it is this version's, or when the lock does not name its maker. */
export function otherRevision({ maker }: Pick<Lock, 'maker'>): OtherRevision | undefined {
  const version = maker && versionForBytesOf(maker)
  if (version === undefined) return undefined
  return { made: maker as Maker, current: revisions.current, version }
}

/** Warns before anything is built that the digest will differ from the one of the lock's maker. */
export function tellOtherRevision(lock: Lock, file: string, context: Pick<Context, 'progress'>): void {
  const other = otherRevision(lock)
  if (other === undefined) return
  const { made, current, version } = other
  context.progress.warn(
    `${file} was made by Temper ${made.version}, whose effects and rules have revision ${made.revision}; ` +
      `these have revision ${current}, so the image gets another digest. Temper ${version} gives the old one`,
  )
}

/**
 * The maker that a new lock names: that of the previous lock if only the version of Temper differs, so that a new
 * version alone changes no file.
 */
export function steadyMaker(made: Lock, before: Lock | undefined): Lock {
  const earlier = before?.maker
  if (earlier === undefined || earlier.revision !== made.maker?.revision) return made
  return { ...made, maker: earlier }
}
