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
