import { interpreterPackages } from '../../apk/packages/interpreters.ts'

export const interpreterPackage = interpreterPackages({ sh: 'busybox', php: 'php' })
