import type { parseDocument } from 'yaml'

/** Any node of a YAML document. */
export type YamlNode = NonNullable<ReturnType<typeof parseDocument>['contents']>
