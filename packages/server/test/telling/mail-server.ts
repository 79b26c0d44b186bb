import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/* As much as is used here of the npm package smtp-server, which tests install. */

type Done = (error?: (Error & { responseCode?: number }) | null, value?: { readonly user: string }) => void

interface Session {
  readonly secure: boolean
  readonly user?: string
  readonly envelope: { readonly rcptTo: readonly { readonly address: string }[] }
}

interface SmtpServer {
  readonly server: Server
  on(event: 'error', listener: (error: Error) => void): void
  listen(port: number, host: string): void
  close(done: () => void): void
}

interface SmtpOptions {
  readonly secure: boolean
  readonly cert?: string
  readonly key?: string
  readonly authOptional: boolean
  readonly disabledCommands: readonly string[]
  readonly logger: boolean
  onRcptTo(address: { readonly address: string }, session: Session, done: Done): void
  onAuth(login: { readonly username: string; readonly password: string }, session: Session, done: Done): void
  onData(stream: Readable, session: Session, done: Done): void
}

interface SmtpModule {
  readonly SMTPServer: new (options: SmtpOptions) => SmtpServer
}

/** A mail that was taken. */
export interface Mail {
  readonly secure: boolean
  readonly user: string | undefined
  readonly to: readonly string[]
  readonly text: string
}

export interface MailServerOptions {
  /** Folder of the package. */
  readonly module: string
  /** TLS from the start. */
  readonly secure?: boolean
  /** PEM. */
  readonly identity?: { readonly cert: string; readonly key: string }
  readonly password?: string
  /** The number of the answer for a recipient; undefined: it is taken. */
  readonly refuses?: (address: string) => number | undefined
  readonly disabled?: readonly string[]
}

/** A real SMTP server, with its mails. */
export class MailServer {
  readonly mails: Mail[] = []
  readonly port: number
  readonly #server: SmtpServer

  private constructor(server: SmtpServer, mails: Mail[]) {
    this.#server = server
    this.mails = mails
    this.port = (server.server.address() as AddressInfo).port
  }

  static async start(options: MailServerOptions): Promise<MailServer> {
    const { module, secure = false, identity, password, refuses, disabled = [] } = options
    const { SMTPServer } = createRequire(import.meta.url)(join(module)) as SmtpModule
    const mails: Mail[] = []
    const server = new SMTPServer({
      secure,
      ...identity,
      authOptional: password === undefined,
      disabledCommands: disabled,
      logger: false,
      onAuth: (login, _, done) =>
        login.username === 'temper' && login.password === password
          ? done(null, { user: login.username })
          : done(answer(535, 'not you')),
      onRcptTo: ({ address }, _, done) => {
        const status = refuses?.(address)
        if (status === undefined) done()
        else done(answer(status, status < 500 ? 'come again' : 'no such person'))
      },
      onData: (stream, session, done) => {
        void (async () => {
          let text = ''
          for await (const chunk of stream) text += String(chunk)
          const to = session.envelope.rcptTo.map(({ address }) => address)
          mails.push({ secure: session.secure, user: session.user, to, text })
          done()
        })()
      },
    })
    // Clients that hang up in the middle of TLS are what is tested.
    server.on('error', () => undefined)
    server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    return new MailServer(server, mails)
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.#server.close(done))
  }
}

function answer(responseCode: number, text: string): Error & { responseCode: number } {
  return Object.assign(new Error(text), { responseCode })
}
