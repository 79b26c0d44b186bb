import type { ImageRule } from '../rule.ts'
import { backupFile } from './backup-file.ts'
import { buildContext } from './build-context.ts'
import { crashDump } from './crash-dump.ts'
import { temporaryFiles } from './temporary-files.ts'

/** Rules about what builds leave behind. */
export const leftoverRules: readonly ImageRule[] = [temporaryFiles, crashDump, backupFile, buildContext]
