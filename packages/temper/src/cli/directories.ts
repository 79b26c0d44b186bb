import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** TEMPER_CACHE_DIR, else temper/ below XDG_CACHE_HOME or ~/.cache (XDG Base Directory Specification). */
export function cacheDirectory(env: Environment): string {
  return env['TEMPER_CACHE_DIR'] || join(env['XDG_CACHE_HOME'] || join(home(env), '.cache'), 'temper')
}

/** TEMPER_CONFIG, else temper/config.yaml below XDG_CONFIG_HOME or ~/.config. */
export function configurationFile(env: Environment): string {
  return (
    env['TEMPER_CONFIG'] || join(env['XDG_CONFIG_HOME'] || join(home(env), '.config'), 'temper/config.yaml')
  )
}

export function home(env: Environment): string {
  return env['HOME'] || homedir()
}

/** The path, when it is a file that this user can see. */
export function existing(path: string | undefined): string | undefined {
  if (!path) return undefined
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined
  } catch (error) {
    // Behind a folder that is closed to this user, to whom it is as good as absent.
    if (['EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw error
  }
}
