import type { ImageRule } from '../rule.ts'
import { editor } from './editor.ts'
import { interpreter } from './interpreter.ts'
import { networkDaemon } from './network-daemon.ts'
import { networkTool } from './network-tool.ts'
import { privilegeTool } from './privilege-tool.ts'
import { scheduler } from './scheduler.ts'
import { serviceManager } from './service-manager.ts'
import { sshServer } from './ssh-server.ts'

/** Rules about programs that help an intruder; `hardeningRules` has those that also apply while building. */
export const surfaceRules: readonly ImageRule[] = [
  interpreter,
  networkTool,
  privilegeTool,
  sshServer,
  serviceManager,
  scheduler,
  networkDaemon,
  editor,
]
