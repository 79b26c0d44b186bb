import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Makes a folder in the system's one for temporary files: `temper-KIND-` with the id of this process. Folders of that kind whose processes
 * have ended are removed: a run that was ended before its tests were over has removed nothing.
 */
export function ownFolder(kind: string): string {
  const parent = tmpdir()
  for (const name of readdirSync(parent)) {
    const id = new RegExp(`^temper-${kind}-(\\d{1,9})-[A-Za-z0-9]{6}$`).exec(name)?.[1]
    if (id !== undefined && !isAlive(Number(id))) remove(join(parent, name))
  }
  return mkdtempSync(join(parent, `temper-${kind}-${process.pid}-`))
}

/** One of another user lives too. */
function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Another run may remove the same, and what is somebody else's stays. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // It is there for the next run.
  }
}
