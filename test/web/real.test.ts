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

  test('为什么 tells what it was taken for and what became of it, and in the group nothing of what is private', async () => {
    const why = async (id: string, text: string) => {
      await phone(id).locator('.message', { hasText: text }).locator('.why').last().click()
      await page.getByRole('dialog').waitFor()
      const told = await page.getByRole('dialog').innerText()
      if (process.env.BROWSER_PICTURES) {
        await page.screenshot({ path: `${process.env.BROWSER_PICTURES}/why-${text}.png` })
      }
      await page.keyboard.press('Escape')
      return told
    }
    const lamp = await why('villagers', '三组村口的路灯坏了')
    expect(lamp).toMatch(/^是要办的事，立了1号/)
    for (const words of ['办完了', '把握', '“三组村口”，记作 3组 村口（村里名册上有）', 'model-'])
      expect(lamp).toContain(words)

    await say(phone('villagers'), '我男人又打我，救命啊')
    await message('villagers', '我男人又打我').waitFor()
    await phone('own').getByRole('combobox').selectOption('刘嫂')
    await say(phone('own'), '我男人昨晚又打我，我怕得很')
    await message('own', '转给能管的人').waitFor()
    expect(await why('villagers', '我男人又打我')).toMatch(/^这件事不在群里说，也不在这里解释。\s+知道了$/)
    expect(await why('own', '昨晚又打我')).toMatch(/要保密：家里打人“/)
  })

  test('health and metrics are there', async () => {
    const health = await fetch(`${running.url}healthz`)
    expect(health.status).toBe(200)
    expect(await health.json()).toMatchObject({ status: 'ok', villages: 1 })
    const metrics = await (await fetch(`${running.url}metrics`)).text()
    expect(metrics).toContain('xiaoge_tickets{status="closed"} 1')
  })
})
