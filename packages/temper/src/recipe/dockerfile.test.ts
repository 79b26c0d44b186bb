import { describe, expect, it } from 'vitest'
import { isDockerfile } from './dockerfile.ts'

describe('a Dockerfile in place of a recipe', () => {
  it.each([
    ['FROM python:3.12-slim\nRUN pip install flask\n', true],
    ['# syntax=docker/dockerfile:1\n\nARG VERSION=1\nFROM nginx:$VERSION\n', true],
    ['from scratch', true],
    ['contents: { packages: [nginx] }\n', false],
    ['# FROM nginx\nname: web\n', false],
    ['from : nginx\n', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isDockerfile(text)).toBe(expected)
  })
})
