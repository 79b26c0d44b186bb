import type { ImageRule } from '../rule.ts'
import { buildArgument } from './build-argument.ts'
import { credentialFile } from './credential-file.ts'
import { environmentFile } from './environment-file.ts'
import { hostKey } from './host-key.ts'
import { privateKeyFile } from './private-key-file.ts'
import { secretInConfiguration } from './secret-in-configuration.ts'
import { secretInFile } from './secret-in-file.ts'
import { secretInHistory } from './secret-in-history.ts'
import { secretInLowerLayer } from './secret-in-lower-layer.ts'
import { shellHistory } from './shell-history.ts'
import { versionControl } from './version-control.ts'

/** Rules about secrets, which everybody who pulls the image could read. */
export const secretRules: readonly ImageRule[] = [
  privateKeyFile,
  secretInFile,
  secretInLowerLayer,
  secretInConfiguration,
  secretInHistory,
  buildArgument,
  hostKey,
  credentialFile,
  environmentFile,
  shellHistory,
  versionControl,
]
