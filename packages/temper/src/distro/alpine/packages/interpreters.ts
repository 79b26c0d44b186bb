import { interpreterPackages } from '../../apk/packages/interpreters.ts'

export const interpreterPackage = interpreterPackages({ sh: 'busybox-binsh', php: 'php84' })
