import { type Examples, file, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

const database = (...names: readonly string[]) =>
  file(
    'lib/apk/db/installed',
    `P:app\nV:1-r0\nA:x86_64\nF:usr/bin\n${names.map((name) => `R:${name}\n`).join('')}\n`,
  )

export const examples: Examples = {
  broken: [
    { title: 'a tool beside the package', files: [database('app'), program('usr/bin/tool', plainProgram)] },
  ],
  kept: [
    { title: 'programs of the package alone', files: [database('app')] },
    { title: 'no packages at all', files: [program('usr/bin/tool', plainProgram)] },
  ],
}
