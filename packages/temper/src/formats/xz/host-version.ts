import { execFile } from 'node:child_process'

/** What the host's program can do. */
export interface HostXz {
  /** Whether it decodes with several threads and has a limit for their memory (XZ Utils 5.4). */
  readonly threads: boolean
}

const known = new Map<string, Promise<HostXz | undefined>>()

/**
 * Asks a program for its version, once. Undefined unless it is XZ Utils 5.2 or later, since others (BusyBox) lack
 * options and strictness that decoding relies on.
 */
export function inspectHostXz(program: string): Promise<HostXz | undefined> {
  const asked = known.get(program) ?? ask(program)
  known.set(program, asked)
  return asked
}

function ask(program: string): Promise<HostXz | undefined> {
  return new Promise((resolve) => {
    const options = { env: { LC_ALL: 'C' }, timeout: 10_000, maxBuffer: 64 * 1024 }
    execFile(program, ['--version'], options, (error, stdout) => {
      const version = /^xz \(XZ Utils\) ([0-9]+)\.([0-9]+)/.exec(stdout)
      const [major, minor] = [Number(version?.[1]), Number(version?.[2])]
      if (error || !version || major < 5 || (major === 5 && minor < 2)) resolve(undefined)
      else resolve({ threads: major > 5 || minor >= 4 })
    })
  })
}
