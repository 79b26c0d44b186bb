import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'that of production', files: [file('srv/app/.env.production', 'A=b')] }],
  kept: [{ title: 'the example that developers copy', files: [file('srv/app/.env.example', 'A=b')] }],
}
