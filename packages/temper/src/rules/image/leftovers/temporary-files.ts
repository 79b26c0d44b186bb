import { imageRule } from '../rule.ts'
import { forbidPaths } from './path-rule.ts'

export const temporaryFiles = imageRule({
  id: 'temporary-files',
  title: 'No files in the folders for temporary files',
  why: 'What lies there was left by the build: nothing needs it, and a tmpfs that is mounted there hides it anyway.',
  fix: 'delete it in the instruction that makes it, or build in another stage',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidPaths(/^(?:tmp|var\/tmp|dev\/shm)\/./, 'a file for temporary use'),
})
