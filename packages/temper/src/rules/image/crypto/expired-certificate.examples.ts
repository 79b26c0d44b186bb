import { type Examples, file, folder } from '../example.ts'
import { expiredRoot, goodRoot } from './sample-certificates.ts'

const store = (text: string) => [folder('etc/ssl'), file('etc/ssl/cert.pem', text)]

export const examples: Examples = {
  broken: [{ title: 'one of two', files: store(`${goodRoot}${expiredRoot}`) }],
  kept: [{ title: 'one that is valid', files: store(goodRoot) }],
}
