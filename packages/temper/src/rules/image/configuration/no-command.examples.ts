import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'neither of both', settings: { Entrypoint: [] } }],
  kept: [{ title: 'only a command', settings: { Entrypoint: [], Cmd: ['/usr/bin/app'] } }],
}
