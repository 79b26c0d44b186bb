import type { InventoryNote } from '../model/inventory.ts'

/*
 * How notes stand in documents, which have no member for what could not be read: CycloneDX as properties of the document,
 * SPDX as annotations of the document by the tool that wrote it.
 */

/** The prefix of a note's property name in CycloneDX, which its code follows. */
export const noteProperty = 'temper:note:'

/** A note as one text. */
export function noteText({ code, message }: InventoryNote): string {
  return `${code}: ${message}`
}

/** Parses a text that `noteText` made. */
export function parseNoteText(text: string): InventoryNote | undefined {
  const [, code, message] = /^([a-z][a-z0-9-]{0,60}): (.+)$/s.exec(text) ?? []
  return code === undefined || message === undefined ? undefined : { code, message }
}
