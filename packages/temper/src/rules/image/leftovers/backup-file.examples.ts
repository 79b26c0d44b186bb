import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'the accounts of before', files: [file('etc/passwd-', 'root:x:0:0::/:/bin/false\n')] }],
  kept: [
    { title: 'a name that ends nearly so', files: [file('srv/www/orig', 'x'), file('srv/www/a-', 'x')] },
  ],
}
