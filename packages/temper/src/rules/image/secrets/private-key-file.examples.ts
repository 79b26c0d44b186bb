import { generateKeyPairSync } from 'node:crypto'
import { type Examples, file } from '../example.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
  publicKeyEncoding: { format: 'pem', type: 'spki' },
})

export const examples: Examples = {
  broken: [{ title: 'the key of a server', files: [file('srv/tls.pem', privateKey, { mode: 0o600 })] }],
  kept: [{ title: 'a public key', files: [file('srv/tls.pem', publicKey)] }],
}
