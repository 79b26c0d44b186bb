import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { ownFolder } from './own-folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder that all test files of one run share: Temper's cache, images that are built once. */
    readonly sharedFolder: string
  }
}

/**
 * Set-up of a whole run, for vitest. With TEMPER_TEST_FOLDER the shared folder lies there and stays, so that
 * repeated runs find their packages and images; what an older state of the sources made has to be removed by hand.
 */
export default function setup(project: TestProject): () => void {
  const chosen = process.env.TEMPER_TEST_FOLDER
  const folder = chosen ? resolve(chosen) : ownFolder('tests')
  mkdirSync(folder, { recursive: true })
  // Some tests start the program as somebody else.
  chmodSync(folder, 0o755)
  // The program is made of the sources as they are now.
  for (const state of ['program', 'program.done', 'program.failed'])
    rmSync(join(folder, 'once', state), { recursive: true, force: true })
  project.provide('sharedFolder', folder)
  return () => {
    if (!chosen) rmSync(folder, { recursive: true, force: true })
  }
}
