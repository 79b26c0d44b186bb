import type { ContainerResult, ExecResult } from '../model/container.ts'

/** What runc says, also through podman and docker, when a program cannot be executed in a container. */
const notExecutable =
  /exec failed: unable to start container process|OCI runtime (exec|attempted)|crun: |^exec .+: (exec format error|permission denied|no such file or directory)$/m

/** Tells a command that failed from one that could not even be started. */
export function execResult(result: ContainerResult): ExecResult {
  const started = result.exitCode === 0 || !notExecutable.test(result.output)
  return { ...result, started }
}
