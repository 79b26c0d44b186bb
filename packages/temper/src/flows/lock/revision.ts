import type { Lock } from '../../model/lock.ts'
import { type Maker, revisions, versionForBytesOf } from '../../model/revision.ts'
import type { Context } from '../context.ts'

/** A lock of another revision than this version's: what is built from it has another digest than its maker's. */
export interface OtherRevision {
  readonly made: Maker
  readonly current: number
  /** Version of Temper that gives the bytes of the lock's maker. */
  readonly version: string
}

/** Undefined when a lock is of this version's revision, or says nothing of its maker. */
export function otherRevision({ maker }: Pick<Lock, 'maker'>): OtherRevision | undefined {
  const version = maker && versionForBytesOf(maker)
  if (version === undefined) return undefined
  return { made: maker as Maker, current: revisions.current, version }
}

/** Says before anything is built that the digest will be another than the one that the lock's maker had. */
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
 * The maker that a lock made afresh names: the one before it, when nothing but the version of Temper differs, so that
 * a new version alone changes no file.
 */
export function steadyMaker(made: Lock, before: Lock | undefined): Lock {
  const earlier = before?.maker
  if (earlier === undefined || earlier.revision !== made.maker?.revision) return made
  return { ...made, maker: earlier }
}
