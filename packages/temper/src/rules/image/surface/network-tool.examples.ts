import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [{ title: 'curl', files: [program('usr/bin/curl', plainProgram)] }],
  kept: [
    { title: 'a program that is only called nearly so', files: [program('usr/bin/curlew', plainProgram)] },
  ],
}
