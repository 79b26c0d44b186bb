import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [
    { title: 'crond in usr/sbin', files: [program('usr/sbin/crond', plainProgram)] },
    { title: 'supercronic in usr/bin', files: [program('usr/bin/supercronic', plainProgram)] },
    { title: 'cron', files: [program('usr/sbin/cron', plainProgram)] },
  ],
  kept: [
    { title: 'a program that is only called nearly so', files: [program('usr/sbin/cronolog', plainProgram)] },
  ],
}
