import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { replies } from '../../src/web/replies.ts'
import { type Serving, serveWeb } from '../../src/web/web.tsx'
import { launchBrowser, withoutBrowser } from '../support/browser.ts'
import { type Fixture, openFixture } from './fixture.ts'

const PHOTO = fileURLToPath(new URL('../../src/web/lamp-dark.jpg', import.meta.url))

/** Where pictures of the pages go for somebody to look at; none are taken without it. */
const PICTURES = process.env.BROWSER_PICTURES

describe.skipIf(withoutBrowser)('in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let fixture: Fixture
  let serving: Serving
  let complaints: string[]

  beforeAll(async () => {
    browser = await launchBrowser()
    if (PICTURES) mkdirSync(PICTURES, { recursive: true })
  }, 60_000)

  beforeEach(async () => {
    fixture = await openFixture()
    serving = await serveWeb(fixture.web(), { host: '127.0.0.1', port: 0 })
    complaints = []
  })

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await serving.close()
    await fixture.close()
    expect(complaints).toEqual([])
  })

  afterAll(() => browser?.close())

  async function open(width: number, height: number, javaScriptEnabled = true): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled, hasTouch: width < 500 })
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text())
    })
    await page.goto(serving.url)
    return page
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (!PICTURES) return
    await page.waitForTimeout(500)
    await page.screenshot({ path: join(PICTURES, `${name}.png`) })
  }

  const phone = (page: Page, id: string) => page.locator(`#${id}`)
  const say = async (where: Locator, text: string) => {
    await where.getByRole('textbox').fill(text)
    await where.getByRole('button', { name: replies.send }).click()
    await where.locator('.text', { hasText: text }).last().waitFor()
  }
  const lastSaid = () => fixture.database.db.inboxEvent.findFirstOrThrow({ orderBy: { id: 'desc' } })

  /** A day as the assistant would have it, to look at. */
  async function liven(page: Page): Promise<void> {
    const villagers = phone(page, 'villagers')
    await say(villagers, '路灯又不亮了，黑灯瞎火的')
    const { messageId } = await lastSaid()
    await say(villagers, '就三组村口那盏')
    const about = [messageId]
    await fixture.speak('room-villagers', '记下了：三组村口路灯不亮。网格员会去看，修好了在这里说一声。', {
      kind: 'receipt',
      replyTo: messageId,
      about,
    })
    await fixture.speak('room-villagers', '请问是哪一组的水管？', { kind: 'question' })
    await fixture.speak(
      'room-grid',
      '#12 路灯 · 三组村口 · 一般\n●○○○○ 信息收集\n刘嫂：路灯又不亮了，黑灯瞎火的\n限 11月27日 18:00 前',
      {
        kind: 'card',
        about,
      },
    )
    await fixture.speak('room-grid', '起火了！二组草垛。请马上联系，并打 119。', {
      kind: 'alarm',
      mentions: [{ id: 'u-zhou', name: '老周' }],
    })
    await fixture.speak('room-grid', '今日待办 2 件：\n#12 路灯 三组村口\n#13 饮水 五组晒谷场', { kind: 'digest' })
    await fixture.speak('u-chen', '每月5日 09:00 主题党日，提前一天和一小时提醒。回复「确认」生效。', {
      kind: 'other',
      private: true,
    })
  }

  test('three phones side by side: write, quote, attach, and read it live on another page', async () => {
    const page = await open(1600, 900)
    const other = await open(1600, 900)
    await picture(page, 'desktop-empty')
    await liven(page)
    await phone(other, 'villagers').getByText('就三组村口那盏').waitFor()
    await phone(other, 'grid').getByText('#12 路灯 · 三组村口 · 一般').waitFor()

    const grid = phone(page, 'grid')
    await grid.locator('.text', { hasText: '#12 路灯 · 三组村口 · 一般' }).click()
    await grid.locator('.bar', { hasText: '#12 路灯' }).waitFor()
    await picture(page, 'desktop-quoting')
    await grid.getByRole('button', { name: replies.cancel }).click()
    expect(await grid.locator('.bar').first().isVisible()).toBe(false)
    await grid.locator('.text', { hasText: '#12 路灯 · 三组村口 · 一般' }).click()
    await say(grid, '收')
    expect((await lastSaid()).quote).toMatchObject({ messageId: 'bot-k-3' })
    await phone(other, 'grid').locator('blockquote', { hasText: '#12 路灯' }).waitFor()

    const villagers = phone(page, 'villagers')
    await villagers.locator('input[type=file]').setInputFiles(PHOTO)
    await villagers.getByText('lamp-dark.jpg').waitFor()
    await villagers.getByRole('textbox').fill('看嘛')
    await villagers.getByRole('textbox').press('Enter')
    const photo = phone(other, 'villagers').getByRole('img', { name: replies.photoAlt('刘嫂') })
    await photo.waitFor()
    expect(await photo.evaluate((image) => 'naturalWidth' in image && image.naturalWidth)).toBe(480)
    expect(await villagers.getByText('lamp-dark.jpg').isVisible()).toBe(false)
    await picture(page, 'desktop')

    // Written as somebody else, who is remembered.
    await villagers.getByRole('combobox').selectOption('u-wang')
    await say(villagers, '<b>+1</b>')
    expect((await lastSaid()).senderName).toBe('王大爷')
    await page.reload()
    expect(await villagers.getByRole('combobox').inputValue()).toBe('u-wang')
    await villagers.locator('.own', { hasText: '<b>+1</b>' }).waitFor()
  })

  test('own messages are changed and taken back', async () => {
    const page = await open(1600, 900)
    const villagers = phone(page, 'villagers')
    await say(villagers, '路登灭了')
    await villagers.getByLabel(replies.more).click()
    await picture(page, 'desktop-menu')
    await villagers.getByRole('button', { name: replies.edit, exact: true }).click()
    expect(await villagers.getByRole('textbox').inputValue()).toBe('路登灭了')
    await villagers.getByRole('textbox').fill('路灯灭了')
    await villagers.getByRole('button', { name: replies.save }).click()
    await villagers.locator('.text', { hasText: '路灯灭了' }).waitFor()
    await villagers.getByLabel(replies.more).click()
    await villagers.getByRole('button', { name: replies.recall }).click()
    await villagers.getByText(replies.recalled('刘嫂')).waitFor()
    expect(await villagers.getByRole('button', { name: replies.send }).isVisible()).toBe(true)
  })

  test('a small 为什么 opens the explanation; Escape, a button and a tap beside it close it', async () => {
    for (const [width, height] of [
      [1600, 900],
      [390, 844],
    ] as const) {
      const page = await open(width, height)
      const villagers = phone(page, 'villagers')
      await say(villagers, `路灯又不亮了${width}`)
      const link = villagers.locator('.message', { hasText: `路灯又不亮了${width}` }).locator('.why')
      const dialog = page.getByRole('dialog')
      const closed = () => expect.poll(() => dialog.isVisible()).toBe(false)
      await link.click()
      await dialog.getByText(`<路灯又不亮了${width}>`).waitFor()
      await picture(page, `why-${width}`)
      expect(await dialog.locator('dd').innerText()).toBe('room-villagers')
      expect(await villagers.locator('.bar').first().isVisible()).toBe(false)
      await dialog.getByRole('button', { name: replies.close }).click()
      await closed()
      await link.focus()
      await page.keyboard.press('Enter')
      await dialog.waitFor()
      await page.keyboard.press('Escape')
      await closed()
      await link.click()
      await dialog.waitFor()
      await page.mouse.click(5, 5)
      await closed()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    }
  })

  test('without a script the explanation is a page', async () => {
    const first = await open(1600, 900)
    await say(phone(first, 'villagers'), '路灯又不亮了')
    const page = await open(1600, 900, false)
    await phone(page, 'villagers').getByText(replies.why).click()
    await page.getByText('<路灯又不亮了>').waitFor()
    await page.getByText(replies.back).click()
    const again = phone(page, 'villagers').locator('.text', { hasText: '路灯又不亮了' })
    await again.waitFor()
    expect(await again.count()).toBe(1)
  })

  test('the third phone is anybody’s, with a direct conversation and the party room', async () => {
    const page = await open(1600, 900)
    const own = phone(page, 'own')
    await own.getByRole('combobox').selectOption('u-liu')
    await say(own, '有件事不好在群里说')
    expect(await lastSaid()).toMatchObject({ conversation: 'u-liu', private: true })
    await fixture.speak('u-liu', '您说，我只告诉该知道的人。', { private: true })
    await own.getByText('您说，我只告诉该知道的人。').waitFor()
    await own.getByText(replies.views.party).click()
    await own.getByText(replies.emptyParty).waitFor()
    await say(own, '收到')
    expect(await lastSaid()).toMatchObject({ conversation: 'room-party', private: false, senderId: 'u-liu' })
  })

  test('what is refused is told in the phone, and nothing written is lost', async () => {
    const page = await open(1600, 900)
    const villagers = phone(page, 'villagers')
    await villagers.getByRole('button', { name: replies.send }).click()
    await villagers.getByText(replies.errors.empty).waitFor()
    await villagers.getByRole('textbox').fill('长'.repeat(10_001))
    await villagers.getByRole('button', { name: replies.send }).click()
    await villagers.getByText(replies.errors.tooLong(10_000)).waitFor()
    expect((await villagers.getByRole('textbox').inputValue()).length).toBe(10_001)
    await picture(page, 'desktop-refused')
  })

  test('time passes by a button, and the day plays and stops', async () => {
    const page = await open(1600, 900)
    const before = await page.locator('#status time').innerText()
    await page.getByRole('button', { name: replies.hour }).click()
    await page.locator('#status time').filter({ hasNotText: before }).waitFor()
    await page.getByRole('button', { name: replies.play }).click()
    await page.getByText('今天赶场的人多不多').waitFor()
    await picture(page, 'desktop-playing')
    await page.getByRole('button', { name: replies.stop }).click()
    await page.getByRole('button', { name: replies.play }).waitFor()
    expect(await page.locator('#status time').innerText()).not.toBe(before)
  })

  test('on a small screen one phone at a time, with a sign on the others', async () => {
    const page = await open(390, 844)
    await liven(page)
    const grid = page.locator('[data-tab=grid]')
    await grid.locator('.dot').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await picture(page, 'phone-villagers')
    await grid.click()
    await page.locator('[data-tab=grid][aria-current]').waitFor()
    await phone(page, 'grid').getByText('#12 路灯 · 三组村口 · 一般').tap()
    await phone(page, 'grid').locator('.bar', { hasText: '#12 路灯' }).waitFor()
    await picture(page, 'phone-grid-quoting')
    await say(phone(page, 'grid'), '收')
    expect((await lastSaid()).quote).toMatchObject({ messageId: 'bot-k-3' })
    await page.locator('[data-tab=own]').click()
    await page.locator('[data-tab=own][aria-current]').waitFor()
    await picture(page, 'phone-own')
    for (const size of [320, 768, 1024]) {
      await page.setViewportSize({ width: size, height: 800 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size)
      await picture(page, `width-${size}`)
    }
  })

  test('without a script everything can be read', async () => {
    await fixture.speak('room-villagers', '明天上午停水', { kind: 'broadcast' })
    const page = await open(1600, 900, false)
    expect(await phone(page, 'villagers').getByText('明天上午停水').isVisible()).toBe(true)
  })

  test('with a password: wrong, right, out', async () => {
    const guarded = await serveWeb(fixture.web({ password: 'acht-zeichen' }), { host: '127.0.0.1', port: 0 })
    const page = await open(1600, 900)
    await page.goto(guarded.url)
    await page.getByLabel(replies.login.label).fill('falsch')
    await page.getByRole('button', { name: replies.login.button }).click()
    await page.getByText(replies.errors.wrongPassword).waitFor()
    await picture(page, 'login')
    await page.getByLabel(replies.login.label).fill('acht-zeichen')
    await page.getByLabel(replies.login.label).press('Enter')
    await say(phone(page, 'villagers'), '进来了')
    await page.getByRole('button', { name: replies.logout }).click()
    await page.getByLabel(replies.login.label).waitFor()
    expect(await phone(page, 'villagers').count()).toBe(0)
    await page.goto('about:blank')
    await guarded.close()
  })
})
