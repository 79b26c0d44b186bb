import { imageRule } from '../rule.ts'
import { forbidPaths } from './path-rule.ts'

const dump =
  /(?:^|\/)(?:core\.\d+|hs_err_pid\d+\.log|[^/]+\.(?:hprof|heapsnapshot|core|mdmp))$|^var\/crash\/./

export const crashDump = imageRule({
  id: 'crash-dump',
  title: 'No memory dumps of programs that crashed or were examined',
  why: 'A dump holds everything that the program had in memory: keys, passwords and data of its users.',
  fix: 'delete it in the instruction that makes it, and change the secrets that were in memory',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidPaths(dump, 'memory of a program'),
})
