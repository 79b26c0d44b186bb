import type { InterpreterPackage } from '../../../model/distro.ts'

const packages: ReadonlyMap<string, InterpreterPackage> = new Map(
  [
    ['sh', 'busybox', true],
    ['ash', 'busybox', true],
    ['busybox', 'busybox', true],
    ['bash', 'bash', true],
    ['awk', 'busybox', true],
    ['perl', 'perl', false],
    ['python3', 'python3', false],
    ['ruby', 'ruby', false],
    ['node', 'nodejs', false],
    ['php', 'php', false],
  ].map(([path, name, isShell]) => [String(path), { name: String(name), shell: isShell === true }]),
)

/** The package that has an interpreter ("/usr/bin/perl"); undefined when not known. */
export function interpreterPackage(path: string): InterpreterPackage | undefined {
  return packages.get(path.slice(path.lastIndexOf('/') + 1))
}
