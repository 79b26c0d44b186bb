import type { Examples } from '../example.ts'
import { file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a named pipe', files: [{ path: 'srv/control', type: 'fifo', uid: 0, gid: 0 }] }],
  kept: [{ title: 'a file where a device would be', files: [file('dev/null', '')] }],
}
