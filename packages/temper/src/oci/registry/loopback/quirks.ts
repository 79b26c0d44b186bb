/** How a registry behaves where the specification leaves room, and where real ones leave the specification. */
export interface Behaviour {
  /** Who may come: "basic" and "bearer" want `loopbackUser`, "open" gives tokens to everybody. */
  readonly auth: 'none' | 'basic' | 'bearer' | 'open'
  /** Requests that a token is good for. */
  readonly tokenUses: number
  /** What the token service does when it is asked for several scopes. */
  readonly severalScopes: 'granted' | 'refused' | 'last only' | 'first only'
  /** The answer of the referrers API when it is not the list. */
  readonly referrers: Answer | undefined
  /** Whether the answer to a manifest names its subject, as registries that list referrers have to. */
  readonly ociSubject: boolean
  /** Whether a listed referrer has its artifact type and annotations. */
  readonly referrerTypes: boolean
  /** Whether the tag sha256-HEX is another name of the manifest with that digest. */
  readonly digestTags: boolean
  /** Entries of a page of tags or referrers. */
  readonly pageSize: number
  /** What an empty repository says of its tags. */
  readonly noTags: Answer
  /** Whether blobs of other repositories can be mounted; else the status that says so. */
  readonly mounts: true | number
  /** Statuses where something was taken. */
  readonly begun: number
  readonly patched: number
  readonly uploaded: number
  readonly tagged: number
  /** What the answer to a PATCH says is stored. */
  readonly patchRange: 'stored' | 'nothing' | '0-0' | 'one too many' | 'with unit' | 'one chunk late'
  /** Bytes of a PATCH at most, and how more are refused. */
  readonly largestPatch: number
  readonly tooLarge: { readonly status: number; readonly only?: 'with Content-Range' }
  /** OCI-Chunk-Min-Length; smaller PATCHes that are not the last are refused. */
  readonly leastChunk: number
  /** Whether an upload can be asked how far it is. */
  readonly uploadState: boolean
  /** How the address of an upload is told. */
  readonly uploadAddress: 'path' | 'absolute' | 'delicate query' | 'other scheme'
  /** The status that HEAD of a manifest or a blob gets whatever is there. */
  readonly headManifest: number | undefined
  readonly headBlob: number | undefined
  /** Whether a manifest can be read before it has a tag, or its parent has. */
  readonly untagged: 'shown' | 'hidden'
  /** Whether answers name the digest and the type of a manifest. */
  readonly manifestHeaders: boolean
  readonly manifestType: string | undefined
  /** Whether manifests of other things than images are taken. */
  readonly artifacts: 'taken' | 'refused'
  /** Where blobs are read: here, or at an address on another origin that is signed for GET. */
  readonly blobsAt: 'registry' | 'storage'
  readonly ranges: 'heeded' | 'ignored'
  /** Blobs break off after half their bytes, the first time that each is read. */
  readonly cutBlobs: boolean
  readonly trouble: Trouble | undefined
}

export interface Answer {
  readonly status: number
  readonly type?: string
  readonly body?: string
}

/** What each request gets instead of an answer, the first few times that it comes. */
export interface Trouble {
  readonly times: number
  /** A status, or "reset", which cuts the connection; "lost answer" does it after the request was carried out. */
  readonly with: number | 'reset' | 'lost answer'
}

const html = { status: 200, type: 'text/html', body: '<!doctype html><html><body>Sign in</body></html>' }
const json = (status: number, body: object) => ({ status, body: JSON.stringify(body) })

/** As the specification has it, with everything that is optional. */
export const faithful: Behaviour = {
  auth: 'none',
  tokenUses: Number.POSITIVE_INFINITY,
  severalScopes: 'granted',
  referrers: undefined,
  ociSubject: true,
  referrerTypes: true,
  digestTags: false,
  pageSize: 1000,
  noTags: json(404, { errors: [{ code: 'NAME_UNKNOWN' }] }),
  mounts: true,
  begun: 202,
  patched: 202,
  uploaded: 201,
  tagged: 201,
  patchRange: 'stored',
  largestPatch: Number.POSITIVE_INFINITY,
  tooLarge: { status: 413 },
  leastChunk: 0,
  uploadState: true,
  uploadAddress: 'path',
  headManifest: undefined,
  headBlob: undefined,
  untagged: 'shown',
  manifestHeaders: true,
  manifestType: undefined,
  artifacts: 'taken',
  blobsAt: 'registry',
  ranges: 'heeded',
  cutBlobs: false,
  trouble: undefined,
}

const noReferrers = (answer: Answer) => ({ referrers: answer, ociSubject: false })

/** What registries in use do otherwise, one thing a line. A client gets along with each. */
export const quirks = {
  'pages of two entries': { pageSize: 2 },
  'a password': { auth: 'basic' },
  'tokens for a password': { auth: 'bearer' },
  'tokens for everybody': { auth: 'open' },
  'tokens good for three requests': { auth: 'bearer', tokenUses: 3 },
  'tokens for one repository each': { auth: 'bearer', severalScopes: 'refused' },
  'tokens for the last scope only': { auth: 'bearer', severalScopes: 'last only' },
  'tokens for the first scope only': { auth: 'bearer', severalScopes: 'first only' },
  'no referrers: 404 (distribution 2.8, GitLab)': noReferrers({ status: 404 }),
  'no referrers: 400 (Nexus)': noReferrers({ status: 400 }),
  'no referrers: 405': noReferrers({ status: 405 }),
  'no referrers: 406': noReferrers({ status: 406 }),
  'no referrers: 501': noReferrers({ status: 501 }),
  'no referrers: a page for people': noReferrers(html),
  'no referrers: an unrelated object': noReferrers(json(200, {})),
  'no referrers: a list of errors with status 200': noReferrers(json(200, { errors: [] })),
  'referrers without OCI-Subject': { ociSubject: false },
  'referrers without types (go-containerregistry)': { referrerTypes: false },
  'tags of digests (GitLab)': { ...noReferrers({ status: 404 }), digestTags: true },
  'no tags: null (Harbor)': { noTags: json(200, { name: 'x', tags: null }) },
  'no tags: an empty list': { noTags: json(200, { name: 'x', tags: [] }) },
  'no mounts': { mounts: 202 },
  'mounts refused with 405': { mounts: 405 },
  'POST answers 201': { begun: 201 },
  'PATCH answers 201 (Amazon ECR)': { patched: 201 },
  'PATCH answers 204 (go-containerregistry, Pulp)': { patched: 204 },
  'PATCH answers 200': { patched: 200 },
  'PUT of a blob answers 204': { uploaded: 204 },
  'PUT of a blob answers 202': { uploaded: 202 },
  'PUT of a manifest answers 202': { tagged: 202 },
  'PUT of a manifest answers 200': { tagged: 200 },
  'PATCH says nothing of its range': { patchRange: 'nothing' },
  'PATCH says 0-0 for ever (Amazon ECR)': { patchRange: '0-0' },
  'PATCH counts one too many': { patchRange: 'one too many' },
  'PATCH writes bytes= before its range': { patchRange: 'with unit' },
  'PATCH tells the range of the one before': { patchRange: 'one chunk late' },
  'chunks of 1 MB at most (a proxy)': { largestPatch: 1_000_000 },
  'parts of 1 MB at most (GHCR)': {
    largestPatch: 1_000_000,
    tooLarge: { status: 416, only: 'with Content-Range' },
  },
  'chunks between 1 and 2 MB': { leastChunk: 1_000_000, largestPatch: 2_000_000 },
  'uploads that tell nothing': { uploadState: false },
  'upload addresses with a host': { uploadAddress: 'absolute' },
  'upload addresses that are signed': { uploadAddress: 'delicate query' },
  'upload addresses with the other scheme': { uploadAddress: 'other scheme' },
  'HEAD of manifests refused with 404': { headManifest: 404 },
  'HEAD of manifests refused with 405': { headManifest: 405 },
  'HEAD of manifests refused with 403': { headManifest: 403 },
  'HEAD of manifests refused with 501': { headManifest: 501 },
  'HEAD of manifests refused with 400': { headManifest: 400 },
  'HEAD of blobs refused with 501': { headBlob: 501 },
  'HEAD of blobs refused with 405': { headBlob: 405 },
  'HEAD of blobs refused with 403': { headBlob: 403 },
  'manifests without headers': { manifestHeaders: false },
  'manifests as text/plain': { manifestType: 'text/plain; charset=utf-8' },
  'manifests as application/json': { manifestType: 'application/json' },
  'blobs in a storage elsewhere': { blobsAt: 'storage' },
  'no ranges': { ranges: 'ignored' },
  'blobs that break off': { cutBlobs: true },
  'blobs that break off and no ranges': { cutBlobs: true, ranges: 'ignored' },
  'bursts of 429': { trouble: { times: 2, with: 429 } },
  'bursts of 503': { trouble: { times: 2, with: 503 } },
  'bursts of 500': { trouble: { times: 2, with: 500 } },
  'connections that are cut': { trouble: { times: 1, with: 'reset' } },
  'answers that are lost': { trouble: { times: 1, with: 'lost answer' } },
} satisfies Record<string, Partial<Behaviour>>

/** What registries refuse for good: a client has to say so, or to do without. */
export const refusals = {
  'manifests without a tag are hidden (Quay)': { untagged: 'hidden' },
  'nothing but images (older Quay)': { artifacts: 'refused' },
} satisfies Record<string, Partial<Behaviour>>
