import type { InterpreterPackage } from '../../../model/distro.ts'

/** Packages of the interpreters that scripts in packages name most. */
const packages: ReadonlyMap<string, string> = new Map([
  ['sh', 'dash'],
  ['dash', 'dash'],
  ['bash', 'bash'],
  ['perl', 'perl-base'],
  ['python3', 'python3-minimal'],
  ['awk', 'mawk'],
  ['ruby', 'ruby'],
  ['tclsh', 'tcl'],
  ['php', 'php-cli'],
  ['node', 'nodejs'],
])

/** The package that has an interpreter ("/usr/bin/perl"); undefined when not known. */
export function interpreterPackage(path: string): InterpreterPackage | undefined {
  const name = packages.get(path.slice(path.lastIndexOf('/') + 1))
  return name === undefined ? undefined : { name, shell: name === 'dash' || name === 'bash' }
}
