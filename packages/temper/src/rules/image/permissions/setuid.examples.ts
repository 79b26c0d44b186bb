import { type Examples, file } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [{ title: 'su', files: [file('usr/bin/su', plainProgram, { mode: 0o4755 })] }],
  kept: [
    {
      title: 'a folder with the sticky bit',
      files: [{ ...file('var/tmp'), type: 'directory', mode: 0o1777 }],
    },
  ],
}
