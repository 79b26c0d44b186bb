import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'without a name', files: [file('srv/app/.env', 'A=b')] },
    { title: 'that of direnv', files: [file('srv/app/.envrc', 'A=b')] },
    { title: 'that of production', files: [file('srv/app/.env.production', 'A=b')] },
  ],
  kept: [
    { title: 'a name that begins so', files: [file('srv/app/.environment', 'A=b')] },
    { title: 'a file that only ends so', files: [file('srv/app/app.env', 'A=b')] },
    { title: 'the example that developers copy', files: [file('srv/app/.env.example', 'A=b')] },
  ],
}
