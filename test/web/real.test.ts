import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Running, startAssistant } from '../../src/cli/start.ts'
import { systemClock } from '../../src/clock.ts'
import { parseConfig } from '../../src/config.ts'
import { replies } from '../../src/web/replies.ts'
import { launchBrowser, withoutBrowser } from '../support/browser.ts'

/** The whole program, from the database to the page, as somebody sees it who has typed `npm start`. */
describe.skipIf(withoutBrowser)('the demo village in a browser', { timeout: 90_000 }, () => {
  let directory: string
  let running: Running
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'xiaoge-demo-'))
    const settings = { DATABASE_URL: `file:${directory}/demo.db`, PORT: '0', LOG_LEVEL: 'error' }
    const config = { ...parseConfig(settings), dataDirectory: directory }
    running = await startAssistant(config, { demo: true, clock: systemClock })
    browser = await launchBrowser()
    page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage()
    await page.goto(running.url)
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await running?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  const phone = (id: string) => page.locator(`#${id}`)
  const message = (id: string, text: string | RegExp) => phone(id).locator('.text', { hasText: text }).last()
  const say = async (where: Locator, text: string) => {
    await where.getByRole('textbox').fill(text)
    await where.getByRole('button', { name: replies.send }).click()
  }

  test('a complaint becomes a ticket, a worker closes it by reply, the villager hears the result', async () => {
    await say(phone('villagers'), '三组村口的路灯坏了，晚上黑得很')
    await message('villagers', '记下了，1号').waitFor()
    await message('grid', '#1 路灯').waitFor()

    await message('grid', '#1 路灯').click()
    await say(phone('grid'), '收')
    await message('grid', '●●○○○').waitFor()
    await say(phone('grid'), '办结 1 换了灯泡')
    await message('grid', '●●●●●').waitFor()
    await message('villagers', '换了灯泡').waitFor()

    await say(phone('villagers'), '满意')
    await message('grid', '满意').waitFor()
    expect(await phone('villagers').locator('.text', { hasText: '小格' }).count()).toBe(0)
  })

  test('time passes by a button, and the morning brings the list of what is to be done', async () => {
    await say(phone('villagers'), '五组的路上塌了个大坑')
    await message('villagers', '记下了，2号').waitFor()
    await page.getByRole('button', { name: '过1天' }).click()
    await message('grid', '今日待办').waitFor({ timeout: 60_000 })
    expect(await message('grid', '今日待办').innerText()).toContain('#2 道路')
  })

  test('health and metrics are there', async () => {
    const health = await fetch(`${running.url}healthz`)
    expect(health.status).toBe(200)
    expect(await health.json()).toMatchObject({ status: 'ok', villages: 1 })
    const metrics = await (await fetch(`${running.url}metrics`)).text()
    expect(metrics).toContain('xiaoge_tickets{status="closed"} 1')
  })
})
