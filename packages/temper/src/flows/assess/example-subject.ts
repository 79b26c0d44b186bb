import { sampleImage } from '../../formats/layer/sample-image.ts'
import type { Image } from '../../model/image.ts'
import type { Example } from '../../rules/image/example.ts'
import {
  knownOfPlain,
  plainAnnotations,
  plainConfig,
  plainFiles,
  plainSettings,
} from '../../rules/image/plain-image.ts'
import type { ImageSubject } from '../../rules/image/subject.ts'
import { readImageFacts, subjectOf } from './read-subject.ts'

/** The image that an example tells of, packed as a registry would have it. */
function imageOf({ files = [], without = [], over = [], ...example }: Example): Image {
  const own = new Set([...files.map(({ path }) => path), ...without])
  const base = plainFiles.filter(({ path }) => !own.has(path))
  const made = sampleImage([[...base, ...files], ...over], { ...plainSettings, ...example.settings })
  const history = plainConfig.history ?? []
  const layered = [...history, ...over.map(() => ({ created_by: 'COPY . .' }))]
  return {
    ...made,
    config: { ...made.config, ...plainConfig, history: layered, ...example.config },
    manifest: { ...made.manifest, annotations: { ...plainAnnotations, ...example.annotations } },
  }
}

/** What rules see of an example: packed, read as any image, with what the example says that others say of it. */
export async function exampleSubject(example: Example): Promise<ImageSubject> {
  const facts = await readImageFacts(imageOf(example), {}, {})
  const { scan, evidence, support, archive, ...known } = { ...knownOfPlain, ...example.known?.(knownOfPlain) }
  return subjectOf(facts, {
    ...known,
    name: 'example',
    ...(support === undefined ? {} : { support }),
    ...(scan === undefined ? {} : { scan }),
    ...(archive === undefined ? {} : { archive }),
    ...(evidence === undefined ? {} : { evidence }),
  })
}
