import type { InterpreterPackage } from '../../../model/distro.ts'

/** The packages of interpreters whose names differ between distributions with apk. */
export interface OwnInterpreters {
  readonly sh: string
  readonly php: string
}

/** Finds the package that has an interpreter ("/usr/bin/perl"); undefined when not known. */
export function interpreterPackages(own: OwnInterpreters): (path: string) => InterpreterPackage | undefined {
  const shells = { sh: own.sh, ash: 'busybox', busybox: 'busybox', bash: 'bash', awk: 'busybox' }
  const others = { perl: 'perl', python3: 'python3', ruby: 'ruby', node: 'nodejs', php: own.php }
  const packages = new Map<string, InterpreterPackage>([
    ...Object.entries(shells).map(([path, name]) => [path, { name, shell: true }] as const),
    ...Object.entries(others).map(([path, name]) => [path, { name, shell: false }] as const),
  ])
  return (path) => packages.get(path.slice(path.lastIndexOf('/') + 1))
}
