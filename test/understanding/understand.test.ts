import { describe, expect, it } from 'vitest'
import { compileGazetteer, understand } from '../../src/understanding/understand.ts'
import type { Act, Intent, Urgency } from '../../src/understanding/understanding.ts'
import { village } from './village.ts'

const read = (text: string, addressed = false) => understand(text, village, { addressed, attachments: [] })

describe('gate', () => {
  it.each([
    ['三组村口的路灯瞎了好几天，夜里走路全靠摸', 'light'],
    ['我们四组停水两天了，煮饭都没得水', 'water'],
    ['夏水道又堵起了，臭水流得满院坝都是，哪个来管一下', 'sewage'],
    ['五社进村那条公路垮了半边，车子过不去', 'road'],
    ['垃圾池堆成山了没人拉，苍蝇到处飞', 'garbage'],
    ['地宝咋个申请，要准备什么材料', 'dibao'],
    ['今年医保要交多少钱，在哪里交', 'medins'],
    ['包工头跑了，干了三个月工资一分没给', 'wage'],
    ['借条没有写日期还管用不，打官司得行不', 'law'],
    ['效率真高啊，桥头这条路从春节修到清明还是烂的', 'road'],
  ])('opens a ticket for %s', (text, category) => {
    expect(read(text)).toMatchObject({ gate: 'ticket', category })
  })

  it.each([
    '【通知】明天上午八点到下午两点线路检修，二组停电，请大家相互转告',
    '各位村民，医保还没交的抓紧，月底截止',
    '自家养的土鸡卖，三十块一斤，要的私聊',
    '哪家有电钻借用一下',
    '谁捡到一把钥匙，在桥头掉的',
    '我家厨房的灯泡坏了，换了个新的',
    '以前我们这条路烂得很，一下雨全是泥',
    '路灯装上以后亮堂多了，散步真好',
    '哈哈哈哈你这个人笑死我了',
    '今晚的电视剧太好看了，女主角家里着火那段吓死人',
    '城里我女儿那边昨天停电了',
    '早上好，祝大家生活愉快',
  ])('stays silent for %s', (text) => {
    expect(read(text).gate).toBe('none')
  })

  it('takes anything with a problem for a ticket when addressed', () => {
    expect(read('路灯不亮', true).gate).toBe('ticket')
    expect(read('报修 水管漏水').gate).toBe('ticket')
  })

  it('is silent for commands and appointments', () => {
    expect(read('/绑定 ABC123')).toMatchObject({ gate: 'none', intent: 'command' })
    expect(read('进度 12')).toMatchObject({ gate: 'none', intent: 'command' })
    expect(read('12 15 办结')).toMatchObject({ gate: 'none', intent: 'command' })
    expect(read('每月5日上午九点主题党日，提前一天提醒')).toMatchObject({ gate: 'none', intent: 'schedule' })
  })

  it('marks the first half of something', () => {
    expect(read('三组那个路灯').fragment).toBe(true)
    expect(read('三组路灯不亮了').fragment).toBe(false)
    expect(read('哈哈哈').fragment).toBe(false)
  })

  it('says why', () => {
    const { evidence } = read('三组村口路灯不亮了')
    expect(evidence[0]?.words).toContain('灯')
    expect(evidence.map((e) => e.part)).toContain('category')
  })
})

describe('urgency', () => {
  it.each([
    '快来人啊，柴房着火了',
    '楼上一股好大的煤气味，不敢开灯',
    '有个娃掉到水库里了',
    '我妈走丢了，从早上到现在没回来',
    '他说不想活了，把门反锁起来',
    '高压线断了掉在路上，还在冒火花',
    '老李头倒在地里叫不醒',
    '喝了农药，快叫救护车',
    '隔壁男的拿菜刀追着老婆砍，快来人',
    '屋后的山垮下来把房子埋了',
    '河水漫上来进屋了，老人还在床上',
  ])('is an emergency: %s', (text) => {
    expect(read(text)).toMatchObject({ gate: 'ticket', urgency: 'emergency' })
  })

  it.each([
    '今天消防演练，模拟厨房着火了',
    '热死了，空调房都不想出',
    '气死我了这个人',
    '他家的烧烤摊最近火了',
    '去年水库淹死过人，大家注意看好娃娃',
    '昨天走丢的老人找到了，谢谢大家',
  ])('is no emergency: %s', (text) => {
    expect(read(text).urgency).not.toBe('emergency')
  })

  it.each<[string, Urgency]>([
    ['三组路灯不亮了', 'normal'],
    ['停电了，家里老人要吸氧，二组这边', 'urgent'],
    ['村口那条路塌方断路了，救护车都进不来', 'urgent'],
    ['想问一下残疾证到期了在哪里换', 'low'],
  ])('%s is %s', (text, urgency) => {
    expect(read(text).urgency).toBe(urgency)
  })
})

describe('follow-ups', () => {
  it.each<[string, Act, Intent]>([
    ['修好了，谢谢', 'fixed', 'thanks'],
    ['又灭了', 'reopen', 'followup'],
    ['白修了', 'reopen', 'followup'],
    ['还没人来修', 'urge', 'urge'],
    ['到底修没修啊', 'urge', 'urge'],
    ['不用来了，是我家跳闸', 'withdraw', 'withdraw'],
    ['没好', 'unsatisfied', 'followup'],
    ['还是不亮', 'unsatisfied', 'followup'],
    ['不满意', 'unsatisfied', 'followup'],
    ['我的报修怎么样了', 'progress', 'followup'],
    ['12号办得咋样了', 'progress', 'followup'],
    ['+1', 'me-too', 'followup'],
    ['我们这边也是', 'me-too', 'followup'],
    ['就村口那盏', 'detail', 'followup'],
    ['有十几户吧', 'detail', 'followup'],
    ['13800001234，打我电话', 'detail', 'followup'],
    ['就是昨天晚上开始的', 'detail', 'followup'],
  ])('%s is %s and opens nothing', (text, act, intent) => {
    expect(read(text)).toMatchObject({ gate: 'none', act, intent })
  })

  it('knows a satisfied answer', () => {
    expect(read('满意').act).toBe('satisfied')
  })

  it('keeps whole reports apart from bare ones', () => {
    expect(read('三组村口路灯又坏了')).toMatchObject({ gate: 'ticket', act: 'reopen', category: 'light' })
    expect(read('我们六组也没水')).toMatchObject({ gate: 'ticket', act: 'me-too', category: 'water', group: '6' })
    expect(read('八组也停了')).toMatchObject({ act: 'me-too', place: '八组', group: '8' })
    expect(read('三组路灯报了半个月还没人来修')).toMatchObject({ gate: 'ticket', act: 'urge', category: 'light' })
  })

  it('never takes sarcasm for good news', () => {
    for (const text of ['效率真高，从春节修到清明', '修好了个寂寞，呵呵', '真是修好了，又黑了']) {
      expect(['fixed', 'satisfied', 'withdraw']).not.toContain(read(text).act)
    }
  })
})

describe('people', () => {
  it('tells the reporter from the person affected', () => {
    expect(read('隔壁老王家门口下水道堵了，他不会打字让我帮忙说一声').affected).toBe('老王')
    expect(read('替刘婆婆报一下，她家停水了').affected).toBe('刘婆婆')
    expect(read('我家停水了').affected).toBeNull()
  })

  it('finds the number to call', () => {
    expect(read('水管爆了，打我电话 138 0000 1234').contact).toBe('13800001234')
  })

  it('names who is accused', () => {
    expect(read('网格员周建国收钱办事，优亲厚友')).toMatchObject({ sensitive: true, accused: ['网格员', '周建国'] })
    expect(read('找网格员帮忙看看路灯').accused).toEqual([])
  })
})

describe('sensitivity', () => {
  it.each(['王家沟的垃圾堆了一个礼拜没人拉', '张家湾的下水道堵了，污水漫到路上', '王家沟的野狗乱咬人'])(
    'takes the name in a known place for nobody: %s',
    (text) => {
      const places = [{ name: '王家沟' }, { name: '张家湾' }]
      const village = compileGazetteer({ groups: ['1'], places, people: [] })
      expect(understand(text, village)).toMatchObject({ gate: 'ticket', sensitive: false })
    },
  )

  it.each([
    '我老公又打我，脸都肿了',
    '儿子几年不给老娘饭吃，八十岁了没人管',
    '队长把低保名额给了自己亲戚',
    '我妈被骗了三万块钱',
    '王麻子欠我两万块不还',
    '隔壁刘二家占我家宅基地半米',
    '我侄儿得了艾滋病，补贴怎么申请',
    '老师体罚学生，把我娃打得青一块紫一块',
    '身份证号110101199001011234帮我查下医保',
  ])('keeps private: %s', (text) => {
    expect(read(text).sensitive).toBe(true)
  })

  it.each(['三组路灯不亮了', '隔壁半夜装修吵得睡不着', '水库边没有护栏', '今年种粮补贴几时发', '垃圾没人拉'])(
    'has nothing to hide: %s',
    (text) => {
      expect(read(text).sensitive).toBe(false)
    },
  )
})
