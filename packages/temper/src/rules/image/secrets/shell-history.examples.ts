import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'that of bash', files: [file('root/.bash_history', 'ls')] }],
  kept: [{ title: 'another file of bash', files: [file('root/.bash_logout', 'ls')] }],
}
