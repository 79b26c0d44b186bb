import { type Examples, file, folder } from '../example.ts'
import { goodRoot } from './sample-certificates.ts'

const store = (text: string) => [folder('etc/ssl'), file('etc/ssl/cert.pem', text)]
const distribution = file('usr/share/ca-certificates/mozilla/Example.crt', goodRoot)

export const examples: Examples = {
  broken: [
    { title: 'one of a company', files: [file('usr/local/share/ca-certificates/company.crt', goodRoot)] },
    {
      title: 'one in the bundle that no file has',
      files: [...store(`${goodRoot}${goodRoot}`), file('usr/share/ca-certificates/mozilla/Other.crt', '')],
    },
  ],
  kept: [{ title: 'those of the distribution', files: [...store(goodRoot), distribution] }],
}
