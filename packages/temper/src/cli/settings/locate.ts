import { resolve } from 'node:path'
import { configurationFile } from '../directories.ts'
import type { Host } from '../host.ts'
import { textOption } from '../options/option.ts'
import { type Configuration, readConfiguration } from './configuration.ts'

type Options = Readonly<Record<string, unknown>>

/** The configuration file's path, and whether somebody named it, so that it has to be there. */
export function configurationPath(
  { env, workingDir }: Host,
  options: Options,
): { readonly file: string; readonly asked: boolean } {
  const named = textOption(options, 'config') || env['TEMPER_CONFIG']
  return { file: resolve(workingDir, named || configurationFile(env)), asked: Boolean(named) }
}

/** What the configuration file says. Throws `bad-configuration`. */
export async function configuration(host: Host, options: Options): Promise<Configuration> {
  const { file, asked } = configurationPath(host, options)
  return await readConfiguration(file, { required: asked })
}
