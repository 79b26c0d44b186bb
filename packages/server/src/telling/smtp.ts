import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { TemperError } from '../temper.ts'

export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** TLS from the beginning; else it is begun where the server offers it. */
  readonly secure: boolean
  readonly user?: string
  readonly password?: string
}

export interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly id: string
  readonly subject: string
  readonly text: string
  readonly date: Date
}

/** Milliseconds that a server has for an answer. */
const timeLimit = 20_000
const lineLimit = 64 << 10

/** Hands a mail of plain text to a server (RFC 5321). A password is sent over TLS alone. Throws `network`, and `bad-configuration` for what the server will not take. */
export async function sendSmtp(server: SmtpServer, mail: Mail): Promise<void> {
  const { host, port, secure, user, password } = server
  let talk = new Talk(secure ? connectTls({ host, port, servername: host }) : connectPlain({ host, port }))
  try {
    await talk.expect(220)
    let offers = await talk.ask('EHLO temper', 250)
    let isSafe = secure
    if (!secure && /^STARTTLS$/im.test(offers)) {
      await talk.ask('STARTTLS', 220)
      talk = new Talk(connectTls({ socket: talk.release(), servername: host }))
      offers = await talk.ask('EHLO temper', 250)
      isSafe = true
    }
    if (password !== undefined) {
      if (!isSafe)
        throw new TemperError('bad-configuration', `${host} offers no TLS: the password is not sent to it`)
      await talk.ask(`AUTH PLAIN ${Buffer.from(`\0${user ?? ''}\0${password}`).toString('base64')}`, 235)
    }
    await talk.ask(`MAIL FROM:<${mail.from}>`, 250)
    for (const to of mail.to) await talk.ask(`RCPT TO:<${to}>`, 250)
    await talk.ask('DATA', 354)
    await talk.ask(`${messageOf(mail)}\r\n.`, 250)
    await talk.ask('QUIT', 221)
  } finally {
    talk.close()
  }
}

/** Everything that is not plain is base64: no line of a text can end the message or add a header. */
function messageOf({ from, to, id, subject, text, date }: Mail): string {
  const body =
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  // An encoded word has at most 75 characters (RFC 2047): 45 bytes each, cut between characters.
  const words: string[] = ['']
  for (const letter of subject.replaceAll(/[\r\n]+/g, ' '))
    if (Buffer.byteLength((words.at(-1) ?? '') + letter) > 45) words.push(letter)
    else words[words.length - 1] += letter
  const encoded = words.map((word) => `=?utf-8?b?${Buffer.from(word).toString('base64')}?=`)
  return [
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `From: <${from}>`,
    `To: ${to.map((each) => `<${each}>`).join(', ')}`,
    `Message-ID: <${id}>`,
    `Subject: ${encoded.join('\r\n ')}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...body,
  ].join('\r\n')
}

/** One line after the other, each with its answer. */
class Talk {
  readonly #socket: Socket
  #text = ''
  #waiting: PromiseWithResolvers<string> | undefined
  #failure: Error | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setTimeout(timeLimit, () => socket.destroy(new Error(`no answer for ${timeLimit / 1000} s`)))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server ended the connection')))
    socket.on('data', this.#read)
  }

  async ask(line: string, code: number): Promise<string> {
    this.#socket.write(`${line}\r\n`)
    return await this.expect(code)
  }

  async expect(code: number): Promise<string> {
    if (this.#failure !== undefined) throw networkError(this.#failure)
    this.#waiting = Promise.withResolvers<string>()
    this.#take()
    const answer = await this.#waiting.promise.catch((error: Error) => {
      throw networkError(error)
    })
    if (answer.startsWith(String(code))) return answer.replaceAll(/^\d{3}[- ]/gm, '')
    // 4xx may pass.
    throw new TemperError(
      answer.startsWith('5') ? 'bad-configuration' : 'network',
      `The mail server answered: ${answer.slice(0, 300)}`,
    )
  }

  /** The socket, for whoever goes on with it. */
  release(): Socket {
    this.#socket.removeAllListeners()
    this.#socket.setTimeout(0)
    return this.#socket
  }

  close(): void {
    this.#socket.destroy()
  }

  readonly #read = (chunk: Buffer): void => {
    this.#text += chunk.toString('latin1')
    if (this.#text.length > lineLimit) this.#socket.destroy(new Error('an answer that does not end'))
    this.#take()
  }

  #take(): void {
    const found = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/.exec(this.#text)?.[0]
    if (found === undefined || this.#waiting === undefined) return
    this.#text = this.#text.slice(found.length)
    this.#waiting.resolve(found.replaceAll('\r', '').trimEnd())
    this.#waiting = undefined
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#waiting?.reject(error)
  }
}

function networkError(error: Error): TemperError {
  return new TemperError('network', `The mail could not be sent: ${error.message}`, { cause: error })
}
