import type { CategoryCode } from './categories.ts'
import {
  ALWAYS_SENSITIVE,
  IDENTITY_NUMBER,
  NAMED_PERSON,
  OFFICE_HOLDER,
  RELATED_PERSON,
} from './lexicon/sensitivity.ts'
import type { Reading } from './reading.ts'
import type { Evidence } from './understanding.ts'

/** Private in whatever is said; the other reasons count only in something that may become a ticket. */
const GRAVE = new Set(['family violence', 'self-harm', 'harm to minors', 'sexual harm'])
/** Matters between people: the name of one of them makes the text private. */
const BETWEEN_PEOPLE = new Set<CategoryCode>([
  'neighbor',
  'homestead',
  'land',
  'forest_right',
  'damage',
  'debt',
  'dog',
  'noise',
  'security',
  'cadre',
  'family',
  'garbage',
  'pollution',
])

/** Reasons not to repeat a text in a group; empty when there are none. `category` is null for what opens nothing. */
export function findSensitive(r: Reading, category: CategoryCode | null): Evidence[] {
  const found: Evidence[] = []
  const add = (words: string, rule: string): void => {
    found.push({ part: 'sensitivity', words, weight: 1, rule })
  }
  const light = ['joke', 'far', 'past', 'sale', 'notice', 'chatter', 'praise', 'solved', 'borrow', 'private'] as const
  for (const { reason, hits } of r.sensitive) {
    const hit = hits[0]
    if (!hit) continue
    if (category === null && light.some((s) => r.signal(s).length > 0)) continue
    if (
      category === null &&
      !GRAVE.has(reason) &&
      !NAMED_PERSON.test(r.textWithoutPlace) &&
      !RELATED_PERSON.test(r.text)
    )
      continue
    // An illness is private when somebody has it.
    if (reason === 'health' && !RELATED_PERSON.test(r.text) && !NAMED_PERSON.test(r.textWithoutPlace)) continue
    if (
      reason === 'accusation' &&
      category !== null &&
      !(
        category === 'cadre' ||
        /书记|主任|干部|会计|网格员|组长|社长|队长|支书|村长|文书|村医|老师|校长|信息员|电工|保洁员|怀疑|肯定|绝对|八成/.test(
          r.text,
        )
      )
    )
      continue
    add(r.words(hit), reason)
  }
  const number = IDENTITY_NUMBER.exec(r.text)
  if (number) add(r.words({ start: number.index, end: number.index + number[0].length }), 'identity number')
  if (category && ALWAYS_SENSITIVE.has(category)) add('', `category ${category}`)
  const office = category === 'cadre' ? OFFICE_HOLDER.exec(r.text) : null
  if (office) add(office[0], 'accusation')
  if (
    category === 'fraud' &&
    /[\d一二两三四五六七八九十几]+(万|千|百|块|元)|(转|交|付|打|汇|充|投|买|花)了|验证码/.test(r.text)
  )
    add('', 'fraud loss')
  if (
    category === 'dibao' &&
    (/我家|我[^们]{0,3}(没|病|瘫|残|吃)|他家|她家|那家|谁家|关系|亲戚/.test(r.text) ||
      RELATED_PERSON.test(r.text) ||
      NAMED_PERSON.test(r.textWithoutPlace))
  )
    add('', 'poverty')
  if ((category === 'disabled' || category === 'medical' || category === 'epidemic') && RELATED_PERSON.test(r.text))
    add('', 'health')
  if (category && BETWEEN_PEOPLE.has(category)) {
    const named = NAMED_PERSON.exec(r.textWithoutPlace)
    if (named) add(named[0], 'named neighbour')
  }
  return found
}
