import { expect, test } from 'vitest'
import type { Article } from '../../../src/features/answers/article.ts'
import { objectionTo } from '../../../src/features/answers/check-wording.ts'

const article = (text: string): Article => ({
  law: '打谷场管理法',
  num: '2',
  section: '',
  text,
  effectiveFrom: '2020-01-01',
  effectiveUntil: null,
  source: 'test',
  scope: 'nation',
})
const STACKS = article(
  '晒谷每户每次不得超过二日。占用打谷场堆放建筑材料的，应当在三日内自行清除；逾期不清除的，村民小组可以代为清除，费用由占用人承担。',
)
const LEASE = article(
  '租用打谷场的，出租人应当保证场地平整；承租人应当在租期届满后十日内恢复原状。面积不得超过200平方米。',
)
const HOUSE = article('农村村民一户只能拥有一处宅基地，其宅基地的面积不得超过省、自治区、直辖市规定的标准。')

test.each([
  ['晒谷每户每次不得超过2日', '晒谷每户每次不得超过二日', STACKS],
  ['堆了建筑材料，应当三日内自己清除。', '占用打谷场堆放建筑材料的，应当在三日内自行清除', STACKS],
  ['费用由占用人来出。', '费用由占用人承担', STACKS],
  ['逾期不清除，小组可以代为清除。', '逾期不清除的，村民小组可以代为清除', STACKS],
  ['面积不得超过200平方米。', '面积不得超过200平方米', LEASE],
  ['租期满了，承租人应当在10日内恢复原状。', '承租人应当在租期届满后十日内恢复原状', LEASE],
  ['一户只能有一处宅基地。', '农村村民一户只能拥有一处宅基地', HOUSE],
])('%s may stand for “%s”', (text, quote, of) => {
  expect(objectionTo({ text, quote, article: of })).toBeNull()
})

test.each([
  ['a forged quote', '一户可以拥有两处宅基地。', '一户可以拥有两处宅基地', HOUSE, 'quote'],
  ['a quote of another article', '晒谷每户每次不得超过二日。', '晒谷每户每次不得超过二日', HOUSE, 'quote'],
  ['a quote too short to say anything', '一户有宅基地。', '一户', HOUSE, 'quote'],
  ['another number', '晒谷每户每次不得超过五日。', '晒谷每户每次不得超过二日', STACKS, 'number'],
  ['a number from elsewhere in the article', '应当在二日内自行清除。', '应当在三日内自行清除', STACKS, 'number'],
  ['an invented amount', '面积不得超过300平方米。', '面积不得超过200平方米', LEASE, 'number'],
  ['an invented fine', '应当在三日内自行清除，罚500元。', '应当在三日内自行清除', STACKS, 'number'],
  ['many for one', '农村村民一户只能拥有多处宅基地。', '农村村民一户只能拥有一处宅基地', HOUSE, 'quantity'],
  ['may for must', '可以在三日内自行清除。', '应当在三日内自行清除', STACKS, 'may'],
  ['may for must not', '晒谷每户每次可以超过二日。', '晒谷每户每次不得超过二日', STACKS, 'negation'],
  ['only left out', '农村村民一户拥有一处宅基地。', '农村村民一户只能拥有一处宅基地', HOUSE, 'only'],
  ['must for may', '逾期不清除的，村民小组应当代为清除。', '逾期不清除的，村民小组可以代为清除', STACKS, 'may'],
  ['a not too many', '费用不由占用人承担。', '费用由占用人承担', STACKS, 'negation'],
  ['the other party', '承租人应当保证场地平整。', '出租人应当保证场地平整', LEASE, 'party'],
  ['somebody new', '费用由占用人的父母承担。', '费用由占用人承担', STACKS, 'party'],
  [
    'who owes whom turned round',
    '承租人应当保证出租人使用。',
    '出租人应当保证承租人使用',
    article('出租人应当保证承租人使用打谷场。'),
    'party',
  ],
  [
    'a duty moved to the other one of two sentences',
    '出租人应当在租期届满后十日内恢复原状。',
    '出租人应当保证场地平整；承租人应当在租期届满后十日内恢复原状',
    LEASE,
    'quote',
  ],
  ['a link', '费用由占用人承担http://x.cn', '费用由占用人承担', STACKS, 'signs'],
  ['an account', '费用由占用人承担，加微信交。', '费用由占用人承担', STACKS, 'bait'],
  ['a mark-up', '<b>费用由占用人承担</b>', '费用由占用人承担', STACKS, 'signs'],
  ['a CQ code', '[CQ:at,qq=all]费用由占用人承担', '费用由占用人承担', STACKS, 'signs'],
  ['a mention of all', '@所有人 费用由占用人承担', '费用由占用人承担', STACKS, 'signs'],
  ['something else altogether', '费用大家商量着办，找老周拿主意就行。', '费用由占用人承担', STACKS, 'other words'],
  ['a speech', `费用由占用人承担，${'占用人承担'.repeat(20)}`, '费用由占用人承担', STACKS, 'signs'],
])('%s is found', (_, text, quote, of, why) => {
  expect(objectionTo({ text, quote, article: of })).toBe(why)
})
