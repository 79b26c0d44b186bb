import { createHmac, type Hmac } from 'node:crypto'
import type { FipsModuleFacts } from '../../model/package/package-content.ts'

/** The key that OpenSSL has built into its modules; it guards against damage, not against people (fips_module(7)). */
const key = Buffer.from('f4556650ac31d35461610bac4ed81b1a181b2d8a43ea2854cbae22ca74560813', 'hex')

/** Most of a module whose texts are looked at; one is 2 to 3 MB. */
const textLimit = 16 << 20

/** Whether a file is where OpenSSL looks for its FIPS module (OSSL_PROVIDER-FIPS(7)). */
export function isFipsModulePath(path: string): boolean {
  return /(?:^|\/)ossl-modules\/fips\.so$/.test(path)
}

/** Collects what `openssl fipsinstall` would find out about a module, while its bytes go by. */
export class FipsModuleCollector {
  readonly #mac: Hmac = createHmac('sha256', key)
  readonly #start: Uint8Array[] = []
  #kept = 0

  /** Takes the next bytes of the file. The chunk is not kept. */
  write(chunk: Uint8Array): void {
    this.#mac.update(chunk)
    if (this.#kept >= textLimit) return
    this.#start.push(Uint8Array.prototype.slice.call(chunk))
    this.#kept += chunk.length
  }

  finish(): FipsModuleFacts {
    const texts = Buffer.concat(this.#start).toString('latin1')
    // Its parameters, as it hands them out: name, "buildinfo" and version stand beside each other (fipsprov.c).
    const [, name, build] =
      /\0([\x20-\x7e]{0,100}FIPS Provider[\x20-\x7e]{0,100})\0+(?:buildinfo\0+([0-9][\x21-\x7e]{0,63})\0)?/.exec(
        texts,
      ) ?? []
    const certificate = /(?:CMVP|certificate)[ #:a-zA-Z]{0,24}#?([1-9][0-9]{3})(?![0-9])/i.exec(texts)?.[1]
    return {
      mac: this.#mac.digest('hex'),
      ...(name === undefined ? {} : { name }),
      ...(build === undefined ? {} : { version: build }),
      ...(certificate === undefined ? {} : { certificate }),
    }
  }
}
