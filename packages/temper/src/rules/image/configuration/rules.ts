import type { ImageRule } from '../rule.ts'
import { entrypoint } from './entrypoint.ts'
import { healthcheck } from './healthcheck.ts'
import { healthcheckProgram } from './healthcheck-program.ts'
import { invalidPort } from './invalid-port.ts'
import { loginPort } from './login-port.ts'
import { noCommand } from './no-command.ts'
import { privilegedPort } from './privileged-port.ts'
import { relativeEntrypoint } from './relative-entrypoint.ts'
import { shellForm } from './shell-form.ts'
import { stopSignal } from './stop-signal.ts'
import { systemVolume } from './system-volume.ts'
import { workingDirectory } from './working-directory.ts'

/** Rules about how an image says it should be run. */
export const configurationRules: readonly ImageRule[] = [
  entrypoint,
  noCommand,
  shellForm,
  relativeEntrypoint,
  privilegedPort,
  loginPort,
  invalidPort,
  systemVolume,
  workingDirectory,
  stopSignal,
  healthcheck,
  healthcheckProgram,
]
