import { createCleartextMessage, generateKey, readPrivateKey, sign } from 'openpgp'

/** A text as apt's InRelease files are signed, with a key that was made for it. */
export interface Clearsigned {
  readonly text: string
  /** The public key, armored. */
  readonly key: string
  /** The last 16 digits of its fingerprint, in upper case. */
  readonly id: string
}

/** Signs with RSA and without subkeys: what programs with older libraries read too (chisel). */
export async function clearsigned(text: string): Promise<Clearsigned> {
  const { privateKey, publicKey } = await generateKey({
    userIDs: [{ name: 'test' }],
    type: 'rsa',
    rsaBits: 2048,
    subkeys: [],
    format: 'armored',
  })
  const key = await readPrivateKey({ armoredKey: privateKey })
  const message = await createCleartextMessage({ text })
  return {
    text: await sign({ message, signingKeys: key }),
    key: publicKey,
    id: key.getKeyID().toHex().toUpperCase(),
  }
}
