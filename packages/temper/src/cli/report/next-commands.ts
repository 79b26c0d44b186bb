import { shellWord } from '../../base/shell-word.ts'
import type { BuildResult } from '../../flows/build/result.ts'

/**
 * What to do with an image that was built: three lines that work as they stand, without a network. `program` is how
 * the person started this program, `workingDir` the folder where the person is.
 */
export function nextCommands(
  result: BuildResult,
  {
    program,
    name,
    workingDir,
  }: { readonly program: string; readonly name: string; readonly workingDir: string },
): readonly string[] {
  // Short enough to stay on a line of a terminal, which would break it where no shell goes on.
  const image = shellWord(result.reference.replace(`oci:${workingDir}/`, 'oci:'))
  const file = shellWord(`${name}.cdx.json`)
  const known = result.scans !== undefined && result.scans.length > 0
  return [
    `${program} inspect ${image}`,
    `${program} sbom ${image} -f cyclonedx-json -o ${file}`,
    known
      ? `${program} scan ${image}`
      : `${program} copy ${image} ${shellWord(`docker-archive:${name}.tar`)}`,
  ]
}

/** How a person starts this program: by the launcher of a clone, by npx, or by its name. */
export function programName(env: Readonly<Record<string, string | undefined>>): string {
  const launcher = env['TEMPER_LAUNCHER']
  if (launcher) return shellWord(launcher)
  return env['npm_command'] === 'exec' ? 'npx @temper-images/temper' : 'temper'
}
