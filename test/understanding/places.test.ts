import { describe, expect, it } from 'vitest'
import { understand } from '../../src/understanding/understand.ts'
import { village } from './village.ts'

const where = (text: string) => {
  const { place, placeKey, group } = understand(text, village)
  return { place, placeKey, group }
}

describe('places', () => {
  it.each([
    '三组村口路灯坏了',
    '村口三组那里路灯坏了',
    '三社村口路灯坏了',
    '3组 村口路灯坏了',
    '第三小组村口路灯坏了',
    '三村民组的村口路灯坏了',
    '三队村口路灯坏了',
  ])('gives one key for %s', (text) => {
    expect(where(text)).toMatchObject({ placeKey: '3|村口', group: '3' })
  })

  it('knows a bare group, and only groups of the village', () => {
    expect(where('3组停水了')).toEqual({ place: '3组', placeKey: '3|', group: '3' })
    expect(where('12组停水了')).toMatchObject({ place: '12组', group: null })
  })

  it('takes the group of a known place', () => {
    expect(where('王家湾停水了')).toEqual({ place: '王家湾', placeKey: '7|王家湾', group: '7' })
  })

  it('joins group, house and stretch into one span', () => {
    expect(where('三组李大爷家门口的路灯不亮').place).toBe('三组李大爷家门口')
    expect(where('三组到小学那段路全是坑').place).toBe('三组到小学那段路')
    expect(where('后山公路塌方了').place).toBe('后山公路')
    expect(where('村委会后面的下水道堵了').place).toBe('村委会后面')
  })

  it('adds a group named elsewhere in the text', () => {
    expect(where('我住四组，村口的路灯坏了')).toMatchObject({ placeKey: '4|村口', group: '4' })
  })

  it.each(['有人冒充村委会的打电话骗钱', '烟把公路都遮完了', '建议组织大家学习', '这一组照片拍得好'])(
    'sees no place in %s',
    (text) => {
      expect(where(text).place).toBeNull()
    },
  )
})
