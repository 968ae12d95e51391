import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { failuresOf, playStory, readStory } from '../support/replay-story.ts'

const DIRECTORY = 'test/replays'

describe('stretches of village life', () => {
  for (const file of readdirSync(DIRECTORY).filter((name) => name.endsWith('.jsonl'))) {
    const story = readStory(`${DIRECTORY}/${file}`)
    if (story.needs !== null) {
      test.todo(`${file.replace('.jsonl', '')} needs ${story.needs}: ${story.story}`)
      continue
    }
    // All of them run at once, on whatever cores there are.
    test.concurrent(`${file.replace('.jsonl', '')}: ${story.story}`, { timeout: 120_000 }, async () => {
      const played = await playStory(story, `${DIRECTORY}/villages/${story.village}.json`)
      const failures = story.checks.flatMap((check) => failuresOf(check, played))
      expect(failures).toEqual([])
    })
  }
})
