import { describe, expect, it } from 'vitest'
import { localeName, messageFolders, needsLocaleData } from './locale.ts'

describe('names of locales', () => {
  it.each([
    ['de_DE.UTF-8', true],
    ['ca_ES.UTF-8@valencia', true],
    ['sr_RS@latin', true],
    ['eo', true],
    ['C.UTF-8', true],
    ['de DE', false],
    ['../etc', false],
    ['de_DE/x', false],
    ['', false],
  ])('%s: %s', (name, fits) => {
    expect(localeName.test(name)).toBe(fits)
  })

  it.each([
    ['C', false],
    ['POSIX', false],
    ['C.UTF-8', false],
    ['Cy_GB', true],
    ['de_DE.UTF-8', true],
  ])('whether %s has to be compiled: %s', (name, needed) => {
    expect(needsLocaleData(name)).toBe(needed)
  })

  it.each([
    ['de_DE.UTF-8', ['de_DE', 'de']],
    ['ca_ES.UTF-8@valencia', ['ca_ES@valencia', 'ca_ES', 'ca@valencia', 'ca']],
    ['eo', ['eo']],
  ])('messages of %s lie in %j', (name, folders) => {
    expect(messageFolders(name)).toEqual(folders)
  })
})
