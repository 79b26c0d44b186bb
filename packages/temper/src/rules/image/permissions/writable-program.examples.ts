import { type Examples, file } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

const own = { mode: 0o755, uid: 65532, gid: 65532 }

export const examples: Examples = {
  broken: [{ title: 'a program at home', files: [file('home/app/tool', plainProgram, own)] }],
  kept: [
    { title: 'data at home', files: [file('home/app/data', 'x', own)] },
    { title: 'a program of root at home', files: [file('home/app/tool', plainProgram, { mode: 0o755 })] },
  ],
}
