import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [
    { title: 'wget in usr/bin', files: [program('usr/bin/wget', plainProgram)] },
    { title: 'nc.openbsd in usr/bin', files: [program('usr/bin/nc.openbsd', plainProgram)] },
    { title: 'ssh in usr/bin', files: [program('usr/bin/ssh', plainProgram)] },
    { title: 'dig in usr/bin', files: [program('usr/bin/dig', plainProgram)] },
    { title: 'curl', files: [program('usr/bin/curl', plainProgram)] },
  ],
  kept: [
    { title: 'hostname in usr/bin', files: [program('usr/bin/hostname', plainProgram)] },
    { title: 'sshfs in usr/bin', files: [program('usr/bin/sshfs', plainProgram)] },

    { title: 'a program that is only called nearly so', files: [program('usr/bin/curlew', plainProgram)] },
  ],
}
