import { fromWallTime, wallTime } from '../clock.ts'
import { topicName } from '../features/answers/topic-words.ts'
import { chooseVillage, type Io, parse, print, UsageError, withDatabase } from './command.ts'

export const usage = `[--year YYYY] [--village NAME]
Counts what was asked and could not be answered at once, by subject: for the year's plan of law education. No names, no
words of anybody. Each line: subject, questions, of these without any answer.
  --year YYYY      the year counted; this one otherwise
  --village NAME   needed where there are several`

/** Counts the inquiries of a year by topic, most first. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, { options: { year: { type: 'string' }, village: { type: 'string' } } })
  if (values.year !== undefined && !/^\d{4}$/.test(values.year)) throw new UsageError('--year is four digits: 2026')
  await withDatabase(io, async (database) => {
    const village = await chooseVillage(database, values.village)
    const year = Number(values.year ?? wallTime(io.clock.now(), village.timezone).year)
    const begin = (of: number) => fromWallTime({ year: of, month: 1, day: 1 }, village.timezone)
    const groups = await database.db.inquiry.groupBy({
      by: ['topic', 'status'],
      where: {
        villageId: village.id,
        askedAt: { gte: begin(year), lt: begin(year + 1) },
        status: { not: 'withdrawn' },
      },
      _count: true,
    })
    const counts = new Map<string, { asked: number; open: number }>()
    for (const { topic, status, _count } of groups) {
      const count = counts.get(topic) ?? { asked: 0, open: 0 }
      count.asked += _count
      if (status !== 'answered') count.open += _count
      counts.set(topic, count)
    }
    const rows = [...counts].sort(([a, { asked: m }], [b, { asked: n }]) => n - m || (a < b ? -1 : 1))
    for (const [topic, { asked, open }] of rows)
      print(io.stdout, [topicName(topic), String(asked), String(open)].join('\t'))
    print(io.stderr, `${village.name} ${year}: ${rows.reduce((sum, [, { asked }]) => sum + asked, 0)} questions`)
  })
  return 0
}
