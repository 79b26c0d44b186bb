import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [
    { title: 'supervisord in usr/bin', files: [program('usr/bin/supervisord', plainProgram)] },
    { title: 'pm2 in usr/bin', files: [program('usr/bin/pm2', plainProgram)] },
    { title: 'the supervisor of s6', files: [program('usr/bin/s6-svscan', plainProgram)] },
  ],
  kept: [
    { title: 'pm2x in usr/bin', files: [program('usr/bin/pm2x', plainProgram)] },
    { title: 'tini, which starts one program', files: [program('usr/bin/tini', plainProgram)] },
  ],
}
