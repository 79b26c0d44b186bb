import { type Digest, parseDigest, verified } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Descriptor } from '../../model/image.ts'
import type { ListingStore } from '../layout/reader.ts'
import { isRegistryHost, looksLikeHost } from '../name.ts'
import { blobIn, noSuchBlob } from '../store-error.ts'
import type { OpenDaemonOptions } from './daemon-options.ts'
import { GrpcClient, GrpcError } from './grpc.ts'
import { isUnreachable, noDaemon, noSuchImage } from './no-daemon.ts'
import { bytesField, decodeMessage, encodeMessage, messageField, numberField, textField } from './protobuf.ts'
import { refuseWriting } from './read-only.ts'

/** Those of ctr and nerdctl, of Kubernetes, and of Docker; each has images of its own. */
const namespaces = ['default', 'k8s.io', 'moby']

/**
 * An image from containerd, blob by blob (containerd's API, services images/v1 and content/v1). Platforms of a
 * multi-platform image that were never fetched are missing.
 */
export async function openContainerd(name: string, options: OpenDaemonOptions): Promise<ListingStore> {
  const client = await clientOf(options.sockets)
  try {
    const full = fullName(name)
    for (const namespace of namespaces) {
      const root = await imageOf(client, { namespace, name: full })
      if (root !== undefined) return new Containerd(client, { namespace, root, name: full })
    }
    throw noSuchImage('containerd', full)
  } catch (error) {
    client.close()
    if (!(error instanceof GrpcError)) throw error
    throw new TemperError('tool-failed', `containerd does not hand out "${name}": ${error.message}`, {
      cause: error,
    })
  }
}

async function clientOf(sockets: readonly string[]): Promise<GrpcClient> {
  const tried: { socket: string; error: unknown }[] = []
  for (const socket of sockets) {
    try {
      return await GrpcClient.open(socket)
    } catch (error) {
      if (!isUnreachable(error)) throw error
      tried.push({ socket, error })
    }
  }
  throw noDaemon('containerd', tried)
}

/** containerd knows images by their whole names: "docker.io/library/nginx:latest". */
function fullName(name: string): string {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const host = looksLikeHost(first) && isRegistryHost(first)
  const whole = host ? name : `docker.io/${slash < 0 ? 'library/' : ''}${name}`
  const last = whole.slice(whole.lastIndexOf('/') + 1)
  return /[:@]/.test(last) ? whole : `${whole}:latest`
}

interface Named {
  readonly namespace: string
  readonly name: string
}

async function imageOf(client: GrpcClient, { namespace, name }: Named): Promise<Descriptor | undefined> {
  try {
    const answer = await client.one('containerd.services.images.v1.Images/Get', encodeMessage({ 1: name }), {
      'containerd-namespace': namespace,
    })
    const target = messageField(messageField(decodeMessage(answer), 1), 3)
    return {
      mediaType: textField(target, 1),
      digest: parseDigest(textField(target, 2), `containerd:${name}`),
      size: numberField(target, 3),
    }
  } catch (error) {
    if (error instanceof GrpcError && error.status === 5) return undefined
    throw error
  }
}

class Containerd implements ListingStore {
  readonly #client: GrpcClient
  readonly #root: Descriptor
  readonly #place: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(client: GrpcClient, image: Named & { readonly root: Descriptor }) {
    this.#client = client
    this.#root = image.root
    this.#place = `containerd:${image.name}`
    this.#headers = { 'containerd-namespace': image.namespace }
  }

  async resolve(): Promise<Descriptor> {
    return this.#root
  }

  async images(): Promise<readonly Descriptor[]> {
    return [this.#root]
  }

  async has({ digest, size }: Descriptor): Promise<boolean> {
    try {
      const answer = await this.#client.one(
        'containerd.services.content.v1.Content/Info',
        encodeMessage({ 1: digest }),
        this.#headers,
      )
      return numberField(messageField(decodeMessage(answer), 1), 2) === size
    } catch (error) {
      if (error instanceof GrpcError && error.status === 5) return false
      throw error
    }
  }

  async *fetch({ digest, size }: Descriptor): AsyncGenerator<Uint8Array, void, void> {
    const what = blobIn(digest, this.#place)
    try {
      yield* verified(this.#read(digest), { digest, size, what })
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error
      if (error.status === 5) throw noSuchBlob(digest, this.#place)
      throw new TemperError('tool-failed', `${what}: ${error.message}`, { cause: error })
    }
  }

  async *#read(digest: Digest): AsyncGenerator<Uint8Array, void, void> {
    const answers = this.#client.call(
      'containerd.services.content.v1.Content/Read',
      encodeMessage({ 1: digest }),
      this.#headers,
    )
    for await (const answer of answers) yield bytesField(decodeMessage(answer), 2)
  }

  async *tags(): AsyncGenerator<string, void, void> {}

  async *referrers(): AsyncGenerator<Descriptor, void, void> {}

  push = async (): Promise<void> => refuseWriting()

  tag = async (): Promise<void> => refuseWriting()

  async close(): Promise<void> {
    this.#client.close()
  }
}
