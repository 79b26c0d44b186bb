import type { CreateNodeOptions, DocumentOptions, SchemaOptions } from 'yaml'

/** YAML that readers of 1.1 (Kubernetes) and 1.2 (Compose) take for the same: what either reads as no text is quoted. */
export const yamlOptions: DocumentOptions & SchemaOptions & CreateNodeOptions = {
  version: '1.1',
  aliasDuplicateObjects: false,
}
