import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'a configuration that anybody can change', files: [file('etc/app.conf', 'x', { mode: 0o666 })] },
  ],
  kept: [{ title: 'one that its group can change', files: [file('etc/app.conf', 'x', { mode: 0o664 })] }],
}
