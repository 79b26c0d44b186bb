import { imageRule } from '../rule.ts'
import { forbidPaths } from './path-rule.ts'

export const temporaryFiles = imageRule({
  id: 'temporary-files',
  title: 'No files in the folders for temporary files',
  why: 'Files there were left by the build: nothing needs them, and a tmpfs mounted there hides them anyway.',
  fix: 'delete it in the instruction that makes it, or build in another stage',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidPaths(/^(?:tmp|var\/tmp|dev\/shm)\/./, 'a file for temporary use'),
})
