import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Context, clusterPods, TemperError } from '../temper.ts'
import { callService } from '../workers/call.ts'
import { type RunningImage, readRunning, runningLimit } from './images.ts'

const reportSettings = z.strictObject({
  /** Address of the service. */
  server: z.url({ protocol: /^https?$/ }),
  /** A token with the role reporter. */
  token: z.string().min(1),
  /** What the place is called where these run; default: the context of the kubeconfig. */
  place: z.string().min(1).max(200).optional(),
  /** A kubeconfig; or a file with what a program printed; or that text. */
  from: z.union([
    z.strictObject({ kubeconfig: z.string().min(1), context: z.string().min(1).optional() }),
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ text: z.string() }),
  ]),
})

/** The report that was sent to a service. */
export interface Reported {
  readonly place: string
  readonly images: readonly RunningImage[]
}

/** Reports to a service which images run at a place. It only reads, and changes nothing there. */
export async function reportRunning(value: unknown, context: Context): Promise<Reported> {
  const read = reportSettings.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new TemperError('bad-usage', `${issue?.path.join('.') ?? ''}: ${issue?.message}`)
  }
  const { server, token, from } = read.data
  const { name, text } = await textOf(from, context)
  const place = read.data.place ?? name
  if (place === undefined)
    throw new TemperError('bad-usage', 'Nothing names the place where these images run')
  const images = readRunning(text, name ?? 'the list')
  const address = new URL('api/running', server.endsWith('/') ? server : `${server}/`)
  const { status, text: said } = await callService(context, address, {
    method: 'PUT',
    token,
    value: { place, images },
  })
  if (status < 200 || status >= 300)
    throw new TemperError(
      status >= 500 ? 'network' : 'bad-configuration',
      `${address.origin} answered ${status}: ${said.slice(0, 300)}`,
    )
  return { place, images }
}

async function textOf(
  from: z.output<typeof reportSettings>['from'],
  { signal }: Context,
): Promise<{ readonly name?: string; readonly text: string }> {
  if ('text' in from) return { text: from.text }
  if ('kubeconfig' in from) {
    const { kubeconfig: path, context } = from
    return await clusterPods({ path, signal, ...(context === undefined ? {} : { context }) })
  }
  const bytes = await readFile(from.file).catch((error: Error) => {
    throw new TemperError('not-found', `${from.file} cannot be read: ${error.message}`)
  })
  if (bytes.length > runningLimit)
    throw new TemperError('limit-exceeded', `${from.file}: more than ${runningLimit} bytes`)
  return { text: bytes.toString('utf8') }
}
